"""Errors of pydantic that no rules file causes today are still shown with their place."""

from pydantic_core import ErrorDetails

from moderation.rules.schema.validate import _faults


def test_an_error_without_words_of_ours_is_shown_in_pydantics():
    error: ErrorDetails = {
        "type": "of_tomorrow",
        "loc": ("length", "max"),
        "msg": "Input should be prime",
        "input": 4,
    }
    (fault,) = _faults(error)
    assert fault.message == "`4` can't stand here: input should be prime"
    assert (fault.at, fault.hint) == (("length", "max"), "write another value")
