from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.manifest import template
from galley_iac.manifest.template import Template, TemplateError, Unresolved, Variable

VALUES: dict[str, str | int] = {"A": "a", "EMPTY": "", "SECRET": 42}


def lookup(name: str) -> str | int | None:
    return VALUES.get(name)


def resolved(text: str) -> tuple[tuple[str | int, ...], tuple[Unresolved, ...]]:
    return template.resolve(template.parse(text), lookup)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("plain", ("plain",)),
        ("}{", ("}{",)),
        ("a$$b", ("a$b",)),
        ("$${A}", ("${A}",)),
        ("$A", (Variable("A"),)),
        ("$A_1-x", (Variable("A_1"), "-x")),
        ("a${A}b", ("a", Variable("A"), "b")),
        ("${A:-d}", (Variable("A", ":-", Template(("d",))),)),
        ("${A-}", (Variable("A", "-", Template()),)),
        ("${A:?say so}", (Variable("A", ":?", Template(("say so",))),)),
        ("${A?}", (Variable("A", "?", Template()),)),
        ("${A:+x}", (Variable("A", ":+", Template(("x",))),)),
        ("${A+x}", (Variable("A", "+", Template(("x",))),)),
        ("${A:-{b}}", (Variable("A", ":-", Template(("{b",))), "}")),
        ("${A:-${B:-c}}", (Variable("A", ":-", Template((Variable("B", ":-", Template(("c",))),))),)),
        ("${A:-$$}", (Variable("A", ":-", Template(("$",))),)),
    ],
)
def test_parse(text: str, parts: tuple[str | Variable, ...]) -> None:
    assert template.parse(text) == Template(parts)


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("ab$", 2, "a `$` that begins no variable"),
        ("$1", 0, "a `$` that begins no variable"),
        ("a$ b", 1, "a `$` that begins no variable"),
        ("x${", 1, "`${` without a variable's name"),
        ("${1}", 0, "`${` without a variable's name"),
        ("${A", 0, "`${` is not closed"),
        ("${A:-x", 0, "`${` is not closed"),
        ("${A:-${B}", 0, "`${` is not closed"),
        ("${A.b}", 0, "`${A.` is no reference"),
        ("${A:x}", 0, "`${A:` is no reference"),
        ("${A:-$}", 5, "a `$` that begins no variable"),
    ],
)
def test_errors(text: str, offset: int, message: str) -> None:
    with pytest.raises(TemplateError) as raised:
        template.parse(text)
    assert (str(raised.value), raised.value.offset) == (message, offset)
    assert raised.value.remedy


def nested(depth: int) -> str:
    return "${A:-" * depth + "}" * depth


def test_depth_is_bounded() -> None:
    template.parse(nested(template.MAX_DEPTH))
    with pytest.raises(TemplateError, match="nested too deeply"):
        template.parse(nested(template.MAX_DEPTH + 1))
    with pytest.raises(TemplateError, match="nested too deeply"):
        template.parse(nested(50_000))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("x${A}y", ("xay",)),
        ("$EMPTY", ()),
        ("${EMPTY-d}", ()),
        ("${EMPTY:-d}", ("d",)),
        ("${NONE-d}", ("d",)),
        ("${NONE:-${NONE:-${A}}}", ("a",)),
        ("${A:-${UNUSED}}", ("a",)),
        ("${A:?m}", ("a",)),
        ("${EMPTY?m}", ()),
        ("${A:+x}", ("x",)),
        ("${EMPTY:+x}", ()),
        ("${EMPTY+x}", ("x",)),
        ("${NONE+x}", ()),
        ("p${SECRET}q$A", ("p", 42, "qa")),
        ("${SECRET:-d}", (42,)),
        ("${SECRET:+set}", ("set",)),
        ("${NONE:-${SECRET}}", (42,)),
    ],
)
def test_resolve(text: str, parts: tuple[str | int, ...]) -> None:
    assert resolved(text) == (parts, ())


def test_everything_unresolved_is_reported_once() -> None:
    _, missing = resolved("$X ${Y:?set Y} ${X} ${Z:-${W}}")
    assert missing == (Unresolved("X"), Unresolved("Y", "set Y"), Unresolved("W"))


def test_an_empty_value_is_refused_by_the_colon_form_only() -> None:
    assert resolved("${EMPTY:?m}") == ((), (Unresolved("EMPTY", "m"),))
    assert resolved("${EMPTY?m}") == ((), ())


def test_a_message_may_be_empty() -> None:
    assert resolved("${X?}") == ((), (Unresolved("X", ""),))
    assert resolved("${X}") == ((), (Unresolved("X", None),))


def test_a_message_never_shows_a_secret() -> None:
    _, missing = resolved("${X:?not $A, $SECRET or $Y}")
    assert missing == (Unresolved("X", "not a, ${SECRET} or ${Y}"),)


def test_variables() -> None:
    assert template.parse("$B ${A:-$C$B} ${D+${E}}").variables() == ("B", "A", "C", "D", "E")


def test_text_of_a_literal() -> None:
    assert template.parse("a$$b").text == "a$b"
    assert template.parse("").text == ""
    assert template.parse("$A").text is None


@given(st.text())
def test_literal_is_the_text_itself(text: str) -> None:
    literal = Template.literal(text)
    assert literal.text == text
    assert template.parse(str(literal)) == literal


@given(st.text(alphabet="${}AB:-?+ a", max_size=40))
def test_source_text_gives_the_same_template(text: str) -> None:
    try:
        parsed = template.parse(text)
    except TemplateError:
        return
    assert template.parse(str(parsed)) == parsed


@given(st.text(alphabet="${}A:-", max_size=40).map(lambda text: text + "x${"))
def test_an_error_is_placed_inside_the_text(text: str) -> None:
    with pytest.raises(TemplateError) as raised:
        template.parse(text)
    assert 0 <= raised.value.offset < len(text)
