"""Where documents are kept and searched: Elasticsearch, or a folder."""

from index.store.base import GenerationStore, Store, Written, open_store

__all__ = ["GenerationStore", "Store", "Written", "open_store"]
