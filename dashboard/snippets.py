"""Text of others with what was searched for set off: escaped piece by piece."""

from markupsafe import Markup, escape

from index.answers import Fragment, Hit

LONGEST_LEAD = 320  # characters of a lead in a list


def marked(fragment: Fragment) -> Markup:
    """The fragment with <em> around what was searched for; all of its text is escaped."""
    out, at = Markup(), 0
    for start, end in fragment.marks:
        out += escape(fragment.text[at:start]) + Markup("<em>") + escape(fragment.text[start:end]) + Markup("</em>")
        at = end
    return out + escape(fragment.text[at:])


def title(hit: Hit) -> Markup:
    return next((marked(f) for f in hit.highlight if f.field == "title"), escape(hit.title))


def extract(hit: Hit) -> Markup:
    """What a list shows under a title: the lead, or the place in the body where a search word stands."""
    found = {f.field: f for f in hit.highlight if f.marks}
    if "lead" not in found and "body" in found:
        return "… " + marked(found["body"]) + " …"
    if "lead" in found:
        return marked(found["lead"])
    return escape(_cut(hit.lead))


def _cut(text: str) -> str:
    if len(text) <= LONGEST_LEAD:
        return text
    head = text[:LONGEST_LEAD]
    return (head.rpartition(" ")[0] or head) + " …"
