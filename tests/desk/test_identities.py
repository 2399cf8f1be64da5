"""Who logs in at a provider of OpenID Connect, and as whom."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from moderation.desk import Identities, Identity, Role, UserChange, Users
from moderation.errors import LoginError, UserError

PROVIDER = "https://accounts.example.com"
ANN = Identity(PROVIDER, "1001")
MAIL = "ann@example.com"


@pytest.fixture
def users(store, clock, monkeypatch):
    monkeypatch.setattr("moderation.desk.users.hashed", lambda _: "x")
    found = Users(store, clock=clock)
    found.add("eve", Role.ADMIN)
    found.add(MAIL, Role.MODERATOR)
    return found


@pytest.fixture
def identities(users, store, clock):
    return Identities(store, clock=clock)


def changes(users):
    return [(one.name, one.change, one.by) for one in users.changes()][:-2]


def test_the_first_login_binds_a_user_and_the_log_names_to_whom(users, identities, clock):
    account = identities.recognise(ANN, MAIL)
    assert (account.name, account.role, account.identity) == (MAIL, Role.MODERATOR, ANN)
    assert users.current(MAIL, account.session) == account
    assert identities.recognise(ANN, MAIL) == account
    assert changes(users) == [(MAIL, UserChange.BOUND, "1001 at https://accounts.example.com")]
    assert users.changes()[0].at == clock.now


@pytest.mark.parametrize("mail", ["", "ann.smith@example.com", "eve"])
def test_who_is_bound_is_known_whatever_their_address_is(identities, mail):
    identities.recognise(ANN, MAIL)
    assert identities.recognise(ANN, mail).name == MAIL


@pytest.mark.parametrize(
    "other",
    [Identity(PROVIDER, "1002"), Identity("https://elsewhere.example.com", "1001")],
    ids=["subject", "issuer"],
)
def test_an_address_that_somebody_else_got_opens_nothing(users, identities, other):
    identities.recognise(ANN, MAIL)
    with pytest.raises(LoginError, match="bound to another account") as caught:
        identities.recognise(other, MAIL)
    assert "moderation users unbind ann@example.com" in caught.value.hint
    assert len(changes(users)) == 1


@pytest.mark.parametrize(
    "mail",
    ["", "stranger@example.com", "ANN@example.com", "eve", "\uff41nn@example.com", "\x00@\ud800"],
    ids=["unverified", "stranger", "capitals", "no-address", "look-alike", "unstorable"],
)
def test_who_is_no_user_stays_out(users, identities, mail):
    with pytest.raises(LoginError, match="not known here"):
        identities.recognise(ANN, mail)
    assert changes(users) == []


def test_an_address_counts_as_it_is_written(store, users, identities):
    """The sign of the kelvin becomes a K where text is made uniform."""
    users.add("Kim@example.com", Role.ADMIN)
    with pytest.raises(LoginError, match="not known here"):
        identities.recognise(ANN, "\u212aim@example.com")


def test_a_disabled_user_stays_out_bound_or_not(users, identities):
    users.disable(MAIL)
    with pytest.raises(LoginError, match="not known here"):
        identities.recognise(ANN, MAIL)
    assert [account.identity for account in users.list()] == [None, None]
    users.enable(MAIL)
    identities.recognise(ANN, MAIL)
    users.disable(MAIL)
    with pytest.raises(LoginError, match="not known here"):
        identities.recognise(ANN, MAIL)


def test_an_admin_can_undo_a_binding(users, identities):
    session = identities.recognise(ANN, MAIL).session
    assert identities.unbind(MAIL, by="eve").identity is None
    assert users.current(MAIL, session) is None
    with pytest.raises(LoginError, match="not known here"):
        identities.recognise(ANN, "")
    other = Identity(PROVIDER, "1002")
    assert identities.recognise(other, MAIL).identity == other
    with pytest.raises(LoginError, match="bound to another account"):
        identities.recognise(ANN, MAIL)
    assert changes(users)[1:] == [
        (MAIL, UserChange.UNBOUND, "eve"),
        (MAIL, UserChange.BOUND, str(ANN)),
    ]


def test_what_is_not_bound_cannot_be_undone(identities):
    with pytest.raises(UserError, match="is not bound"):
        identities.unbind(MAIL)
    with pytest.raises(UserError, match="no user 'bob'"):
        identities.unbind("bob")


@pytest.mark.parametrize(
    "identity",
    [Identity("", "1"), Identity(PROVIDER, ""), Identity(PROVIDER, "1" * 256), Identity("x" * 501, "1")],
    ids=["no-issuer", "no-subject", "long-subject", "long-issuer"],
)
def test_a_provider_has_to_say_who_somebody_is(users, identities, identity):
    with pytest.raises(LoginError, match="does not say"):
        identities.recognise(identity, MAIL)
    assert changes(users) == []


def test_of_two_who_come_at_once_with_one_address_one_is_the_user(users, identities):
    start = Barrier(2)

    def log_in(subject):
        start.wait()
        try:
            return identities.recognise(Identity(PROVIDER, subject), MAIL).identity.subject
        except LoginError:
            return None

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(log_in, ["1001", "1002"]))
    assert found.count(None) == 1
    (subject,) = filter(None, found)
    assert users.list()[0].identity == Identity(PROVIDER, subject)
    assert len(changes(users)) == 1


def test_who_comes_twice_at_once_is_bound_once(users, identities):
    start = Barrier(2)

    def log_in(_):
        start.wait()
        return identities.recognise(ANN, MAIL).identity

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(log_in, range(2))) == [ANN, ANN]
    assert len(changes(users)) == 1
