"""Any decision and any author, within the types."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from moderation.domain import Action, Author, CheckResult, Outcome, Reason, Signal, SignalName, Span

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)  # lone surrogates too
ANY_FLOAT = st.floats(allow_nan=False, allow_infinity=False)
FLOAT_THAT_JSONB_KEEPS = st.floats(-1e15, 1e15)  # larger ones come back as whole numbers
SPANS = st.lists(st.builds(Span, st.integers(0, 10**6), st.integers(0, 10**6)), max_size=3).map(tuple)


def reasons(floats: SearchStrategy[float]) -> SearchStrategy[tuple[Reason, ...]]:
    values = st.none() | st.booleans() | st.integers() | floats | ANY_TEXT
    evidence = st.dictionaries(ANY_TEXT, values, max_size=3)
    reason = st.builds(Reason, ANY_TEXT, st.sampled_from(Action), ANY_TEXT, SPANS, evidence)
    return st.lists(reason, max_size=3).map(tuple)


def checks(floats: SearchStrategy[float]) -> SearchStrategy[dict[str, CheckResult]]:
    names = st.sampled_from([name for name in SignalName if name is not SignalName.SCORE])
    rest = (ANY_TEXT, SPANS, st.none() | floats)
    signal = st.builds(Signal, names, floats | ANY_TEXT, *rest) | st.builds(
        Signal, st.just(SignalName.SCORE), floats, *rest
    )
    signals = st.lists(signal, max_size=3).map(tuple)
    result = st.builds(CheckResult, st.sampled_from(Outcome), signals, floats, ANY_TEXT)
    return st.dictionaries(ANY_TEXT, result, max_size=4)


def authors(floats: SearchStrategy[float]) -> SearchStrategy[Author]:
    return st.builds(
        Author,
        ANY_TEXT,
        st.none() | ANY_TEXT,
        st.none() | st.timedeltas(),
        st.none() | st.integers(),
        st.none() | floats,
        st.none() | st.booleans(),
    )
