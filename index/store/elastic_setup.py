"""Templates, versioned indices and aliases in Elasticsearch. Everything may be repeated, and done by two at once."""

import re
from typing import TYPE_CHECKING, Any

from index.collections import COLLECTIONS, alias, index_name, mapping

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

# Searched where a query names no field, as a plain search in Kibana does; names in every script come with it.
DEFAULT_FIELDS = {
    "articles": [
        "title_en", "title_ru", "title_zh", "lead_en", "lead_ru", "lead_zh", "body_en", "body_ru", "body_zh",
        "entity_names",
    ],
    "events": ["dyad", "type", "outlet"],
    "stories": ["topics", "entities"],
    "coverage": ["outlet"],
}  # fmt: skip
SHARDS = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
TEMPLATE_VERSION = 1
TEMPLATE_PRIORITY = 200  # above the templates that Elasticsearch ships with (100)


def settings_of(collection: str) -> dict[str, Any]:
    fields = DEFAULT_FIELDS[collection]
    return {"index": {**SHARDS, "query": {"default_field": fields}, "mapping": {"total_fields": {"limit": 200}}}}


def put_templates(client: "Elasticsearch", prefix: str) -> None:
    """One component template of settings and one of the mapping, and the index template of both, per collection."""
    meta = {"managed_by": "amur"}
    for collection in COLLECTIONS:
        name = alias(prefix, collection)
        parts = {
            f"{name}-settings": {"settings": settings_of(collection)},
            f"{name}-mapping": {"mappings": mapping(collection)},
        }
        for part, template in parts.items():
            client.cluster.put_component_template(name=part, template=template, version=TEMPLATE_VERSION, meta=meta)
        client.indices.put_index_template(
            name=name,
            index_patterns=[f"{name}-0*"],
            composed_of=list(parts),
            priority=TEMPLATE_PRIORITY,
            version=TEMPLATE_VERSION,
            meta=meta,
        )


def create_index(client: "Elasticsearch", prefix: str, collection: str, generation: int, *, in_use: bool) -> bool:
    """Create a versioned index, with its alias in the same call where it is put to use. False where it is there."""
    from elasticsearch import BadRequestError

    aliases = {alias(prefix, collection): {"is_write_index": True}} if in_use else None
    try:
        client.indices.create(index=index_name(prefix, collection, generation), aliases=aliases)
    except BadRequestError as error:
        if error.error == "resource_already_exists_exception":
            return False
        raise
    return True


def aliased(client: "Elasticsearch", prefix: str) -> dict[str, list[str]]:
    """Alias -> the indices behind it, for the collections that have one."""
    names = {alias(prefix, c) for c in COLLECTIONS}
    found: dict[str, list[str]] = {}
    answer: dict[str, Any] = client.indices.get_alias(index=f"{prefix}*").body
    for index, about in answer.items():
        for name in names & set(about["aliases"]):
            found.setdefault(name, []).append(index)
    return {name: sorted(indices) for name, indices in found.items()}


def latest_generation(client: "Elasticsearch", prefix: str) -> int:
    """The highest number of any index, in use or being built; 0 where there is none."""
    pattern = re.compile(rf"{re.escape(prefix)}(?:{'|'.join(COLLECTIONS)})-(\d{{6}})")
    wanted = ",".join(f"{alias(prefix, c)}-0*" for c in COLLECTIONS)
    names = client.indices.get(index=wanted, ignore_unavailable=True, expand_wildcards="open", features="aliases")
    return max((int(m[1]) for name in names if (m := pattern.fullmatch(name))), default=0)


def swap(client: "Elasticsearch", prefix: str, generation: int) -> list[str]:
    """Move all aliases in one call; returns the indices that were behind them."""
    replaced = aliased(client, prefix)
    actions: list[dict[str, Any]] = []
    for collection in COLLECTIONS:
        name, target = alias(prefix, collection), index_name(prefix, collection, generation)
        old = [index for index in replaced.get(name, []) if index != target]
        actions += [{"remove": {"index": index, "alias": name}} for index in old]
        actions.append({"add": {"index": target, "alias": name, "is_write_index": True}})
    client.indices.update_aliases(actions=actions)
    kept = {index_name(prefix, c, generation) for c in COLLECTIONS}
    return sorted({index for indices in replaced.values() for index in indices} - kept)
