"""What is left of the layout of a template once it is compiled."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.admin import __file__ as admin_file
from django.template import Context, Engine
from django.template.base import TextNode

from tests.html import tidy

LOADERS = [("ilp.templates.Loader", ["django.template.loaders.filesystem.Loader"])]
LIBRARIES = {"i18n": "django.templatetags.i18n"}


@pytest.fixture
def show(tmp_path: Path):
    engine = Engine(dirs=[str(tmp_path)], loaders=LOADERS, libraries=LIBRARIES)

    def render(source: str, name: str = "page.html", **context: object) -> str:
        (tmp_path / name).write_text(source)
        engine.template_loaders[0].reset()
        return engine.get_template(name).render(Context(context))

    return render


def test_attributes_on_their_own_lines_stand_in_one(show) -> None:
    source = '<input\n  name="{{ one }}"\n  {% if one %}\n    hidden\n  {% endif %}\n>'
    assert tidy(show(source, one=1)) == '<input name="1" hidden>'
    assert show('<a\n  class="x"\n  href="/"\n>go</a>') == '<a class="x" href="/">go</a>'


def test_a_block_with_a_condition_in_its_tag_may_be_empty(show) -> None:
    source = "<div\n  {% if one %}hidden{% endif %}\n>\n  {% if two %}2{% endif %}\n</div>"
    assert tidy(show(source, one=1)) == "<div hidden></div>"
    assert "></div>" in show(source, one=1)
    assert tidy(show("<b {% if x %}x{% endif %}>\n 1</b>")) == "<b> 1</b>"


def test_layout_between_blocks_goes(show) -> None:
    source = "<ul>\n  <li>\n    {{ one }}\n  </li>\n\n  <li>two</li>\n</ul>\n"
    assert show(source, one="one") == "<ul><li>one</li><li>two</li></ul>"


def test_a_blank_between_words_stays_one_blank(show) -> None:
    source = "<p>\n  <b>{{ one }}</b>\n  <i>two</i>  three\n    four\n</p>"
    assert show(source, one=1) == "<p><b>1</b>\n<i>two</i>  three\nfour</p>"


def test_two_buttons_keep_the_blank_between_them(show) -> None:
    source = "<p>\n  <button>\n    one\n  </button>\n  <button>\n    two\n  </button>\n</p>"
    assert show(source) == "<p><button>one</button>\n<button>two</button></p>"


@pytest.mark.parametrize(("yes", "shown"), [(True, "<p>one</p>"), (False, "<p>two</p>")])
def test_layout_around_conditions_goes_beside_a_block(show, yes: bool, shown: str) -> None:
    source = "<p>\n  {% if yes %}\n    one\n  {% else %}\n    two\n  {% endif %}\n</p>\n"
    assert show(source, yes=yes) == shown


def test_a_condition_between_words_keeps_their_blanks(show) -> None:
    source = "<p>\n  one\n  {% if yes %}\n    two\n  {% endif %}\n  three\n</p>"
    assert show(source, yes=True).split() == ["<p>one", "two", "three</p>"]
    assert show(source, yes=False).split() == ["<p>one", "three</p>"]


def test_words_of_two_rounds_stay_apart(show) -> None:
    source = "<p>\n  {% for word in words %}\n    {{ word }}\n  {% endfor %}\n</p>"
    assert show(source, words=["one", "two"]).split() == ["<p>", "one", "two", "</p>"]


def test_items_of_a_list_stand_together(show) -> None:
    source = "<ul>\n  {% for word in words %}\n    <li>{{ word }}</li>\n  {% endfor %}\n</ul>"
    assert show(source, words=["one", "two"]) == "<ul><li>one</li><li>two</li></ul>"


@pytest.mark.parametrize("tag", ["pre", "textarea", "script", "style"])
def test_what_is_shown_as_written_stays_as_written(show, tag: str) -> None:
    source = f"<{tag}>\n  one\n\n    {{{{ two }}}}\n  </{tag}>\n  <p>\n  x</p>"
    assert show(source, two=2) == f"<{tag}>\n  one\n\n    2\n  </{tag}><p>x</p>"


def test_a_fragment_may_stand_inside_a_sentence(show) -> None:
    show("{% load i18n %}\n{# A name. #}\n<b>{{ who }}</b>", "name.html")
    source = "{% partialdef dot %}\n  <i>.</i>\n{% endpartialdef %}\n"
    source += '<p>({% include "name.html" %}){% partial dot %}!</p>'
    assert show(source, who="Siti") == "<p>(<b>Siti</b>)<i>.</i>!</p>"


def test_text_mails_keep_their_lines(show) -> None:
    assert show("one\n\n  two\n", "mail.txt") == "one\n\n  two\n"


def texts(name: str) -> list[str]:
    nodes = Engine.get_default().get_template(name).nodelist.get_nodes_by_type(TextNode)
    return [node.s for node in nodes if isinstance(node, TextNode)]


def test_every_own_page_is_folded_and_those_of_libraries_are_not() -> None:
    folder = settings.BASE_DIR / "templates"
    for path in folder.rglob("*.html"):
        for text in texts(str(path.relative_to(folder))):
            assert not re.search(r"\n\s+<", text), path
    origin = Engine.get_default().get_template("admin/base.html").origin.name
    assert Path(origin).is_relative_to(Path(admin_file).parent)
    assert any("\n " in text for text in texts("admin/base.html"))
