"""Texts that try to be more than text. All are as the door of the program lets them through."""

from hypothesis import strategies as st

HOSTILE = {
    "html": "<script>alert(1)</script> & <b>bold</b> &lt;i&gt; &amp; \" onmouseover='x' <!-- -->",
    "markdown": "# no heading\n- no list\n> no quote\n**not bold** _nor_ `code` [a](javascript:b) ![i](x)\n===\n1) no",
    "table": "a | b\n:--|--:\nc \\| d \\\\| e ||",
    "autolink": "<javascript:alert(1)> <http://example.org> http://example.org www.example.org a@example.org",
    "jinja": "{{ 7 * 7 }} {% for x in y %} {# gone #} ${x} %s {0} {page}",
    "word": '</w:t></w:r></w:p><w:p><w:r><w:br w:type="page"/><w:t>]]> <![CDATA[ &#x0; &nbsp;',
    "spreadsheet": "=cmd|'/C calc'!A0",
    "path": "../../x\\..\\y",
    "bidi": "left \u202eright to left\u202c \u2067isolated\u2069 שלום \u200f ARABIC مرحبا 123",
    "emoji": "👩\u200d👩\u200d👧\u200d👦 👍🏽 🇦🇷 e\u0301 ﷺ 한 नि",
    "indented": "list:\n    four spaces\n\tone tab\n\n   after an empty line  \nlast\u3000\u3000x",
    "long": "word " * 8000 + "end",
    "unbroken": "x" * 40_000,
    "spaces": "a" + " " * 40_000 + "b",
}

_SIGNS = "\\`*_{}[]()#+-.!<>&|~$=:;\"'/ \n\t\u3000\u00a0"

# texts full of signs, and texts of any script; no control characters, and no outer white space
texts = (
    st.text(st.sampled_from(_SIGNS + "a1") | st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=60)
    .map(str.strip)
    .filter(bool)
)
