"""Who may log in, and how often somebody may try."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import text

from moderation.desk import Role, User, UserChange, Users
from moderation.desk.attempts import MOST_BY_ADDRESS, MOST_BY_NAME
from moderation.errors import LoginError, TooManyAttemptsError, UserError

pytestmark = pytest.mark.usefixtures("cheap_passwords")

PASSWORD = "four random words here"
HERE = "10.0.0.1"


@pytest.fixture
def users(store, clock):
    return Users(store, clock=clock)


@pytest.fixture
def quick(monkeypatch):
    """Where only the number of attempts matters."""
    monkeypatch.setattr("moderation.desk.users.is_right", lambda given, stored: given == "right" and stored)


def test_a_user_logs_in_with_their_password_alone(users):
    assert users.add("ann", Role.MODERATOR, PASSWORD) is None
    account = users.authenticate("ann", PASSWORD, HERE)
    assert account.user == User("ann", Role.MODERATOR)
    assert not account.must_change
    for name, password in [
        ("ann", PASSWORD + "x"),
        ("ann", ""),
        ("bob", PASSWORD),
        ("", ""),
        ("ann\x00\ud800", "x"),
    ]:
        with pytest.raises(LoginError, match="don't belong together"):
            users.authenticate(name, password, HERE)


def test_a_password_is_never_stored_as_it_is(store, users):
    users.add("ann", Role.MODERATOR, PASSWORD)
    with store.reading() as session:
        stored = session.connection().execute(text("SELECT password FROM dashboard_user")).scalar_one()
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_a_one_time_password_has_to_be_changed(users):
    made = users.add("ann", Role.MODERATOR)
    first = users.authenticate("ann", made, HERE)
    assert first.must_change
    changed = users.change_password("ann", made, PASSWORD, HERE)
    assert not changed.must_change
    assert users.current("ann", first.session) is None
    assert users.current("ann", changed.session) == changed
    with pytest.raises(LoginError):
        users.authenticate("ann", made, HERE)
    with pytest.raises(UserError, match="the old one"):
        users.change_password("ann", PASSWORD, PASSWORD, HERE)


def test_a_new_password_ends_all_sessions(users):
    users.add("ann", Role.MODERATOR, PASSWORD)
    before = users.authenticate("ann", PASSWORD, HERE)
    made = users.set_password("ann")
    assert users.current("ann", before.session) is None
    assert users.authenticate("ann", made, HERE).must_change
    assert users.set_password("ann", PASSWORD) is None
    assert not users.authenticate("ann", PASSWORD, HERE).must_change


def test_a_disabled_user_is_out_at_once(users):
    users.add("eve", Role.ADMIN, PASSWORD)
    users.add("ann", Role.MODERATOR, PASSWORD)
    session = users.authenticate("ann", PASSWORD, HERE).session
    assert users.disable("ann").disabled_at is not None
    assert users.current("ann", session) is None
    with pytest.raises(LoginError):
        users.authenticate("ann", PASSWORD, HERE)
    users.enable("ann")
    assert users.current("ann", session) is None
    assert users.authenticate("ann", PASSWORD, HERE).disabled_at is None


def test_the_last_admin_stays(users):
    users.add("eve", Role.ADMIN, PASSWORD)
    with pytest.raises(UserError, match="last admin"):
        users.disable("eve")
    users.add("joe", Role.ADMIN, PASSWORD)
    users.disable("eve")
    assert [(user.name, user.disabled_at is None) for user in users.list()] == [("eve", False), ("joe", True)]


class Held:
    """A clock that stops whoever asks, in the middle of their transaction, until both have or one can't."""

    def __init__(self, clock):
        self.clock, self.both = clock, Barrier(2, timeout=1)

    def __call__(self):
        with suppress(BrokenBarrierError):
            self.both.wait()
        return self.clock()


def side_by_side(*attempts):
    """Run them at once, and return how many were refused."""

    def refused(attempt):
        try:
            attempt()
        except UserError:
            return True
        return False

    with ThreadPoolExecutor(len(attempts)) as pool:
        return sum(pool.map(refused, attempts))


def test_of_two_admins_who_disable_each_other_at_once_one_is_left(store, users, clock):
    users.add("eve", Role.ADMIN, PASSWORD)
    users.add("joe", Role.ADMIN, PASSWORD)
    held = Users(store, clock=Held(clock))
    refused = side_by_side(lambda: held.disable("eve", by="joe"), lambda: held.disable("joe", by="eve"))
    assert refused == 1
    assert [user.disabled_at is None for user in users.list()].count(True) == 1


def test_two_changes_of_a_user_at_once_both_end_their_sessions(store, users, clock):
    """Else whoever changes a password while an admin gives another one keeps a session that the admin ended."""
    users.add("ann", Role.MODERATOR, PASSWORD)
    held = Users(store, clock=Held(clock))
    side_by_side(lambda: held.set_password("ann"), lambda: held.set_password("ann"))
    assert [user.session for user in users.list()] == [3]


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "a\nb", "<script>"])
def test_a_name_is_one_word(users, name):
    with pytest.raises(UserError, match="name"):
        users.add(name, Role.MODERATOR, PASSWORD)


def test_what_no_user_can_be_is_said(users):
    users.add("ann", Role.MODERATOR, PASSWORD)
    for attempt, match in {
        lambda: users.add("ann", Role.ADMIN): "already",
        lambda: users.add("bob", Role.ADMIN, "short"): "10 to 1,000",
        lambda: users.disable("bob"): "no user 'bob'",
        lambda: users.set_password("bob"): "no user 'bob'",
    }.items():
        with pytest.raises(UserError, match=match):
            attempt()


def test_the_first_admin_is_made_once(users):
    name, made = users.ensure_first_admin()
    account = users.authenticate(name, made, HERE)
    assert (account.role, account.must_change) == (Role.ADMIN, True)
    assert users.ensure_first_admin() is None


def test_too_many_attempts_on_a_name_lock_it_for_some_minutes(users, clock, quick):
    users.add("ann", Role.MODERATOR, PASSWORD)
    for n in range(MOST_BY_NAME):
        with pytest.raises(LoginError, match="belong"):
            users.authenticate("ann", "wrong", f"10.0.0.{n}")
    with pytest.raises(TooManyAttemptsError) as caught:
        users.authenticate("ann", "right", "10.9.9.9")
    assert "in 15 minutes" in caught.value.hint
    clock.forward(minutes=16)
    assert users.authenticate("ann", "right", HERE).name == "ann"


def test_too_many_attempts_from_an_address_lock_it_alone(users, quick):
    users.add("ann", Role.MODERATOR, PASSWORD)
    for n in range(MOST_BY_ADDRESS):
        with pytest.raises(LoginError, match="belong"):
            users.authenticate(f"nobody-{n}", "wrong", HERE)
    with pytest.raises(TooManyAttemptsError):
        users.authenticate("ann", "right", HERE)
    assert users.authenticate("ann", "right", "10.0.0.2").name == "ann"


def test_attempts_at_the_same_time_are_counted_too(users, quick):
    users.add("ann", Role.MODERATOR, PASSWORD)

    def attempt(_):
        try:
            users.authenticate("ann", "wrong", HERE)
        except LoginError as error:
            return error.code

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(attempt, range(2 * MOST_BY_NAME)))
    assert codes.count("login") == MOST_BY_NAME


def test_attempts_are_forgotten_after_a_day(store, users, clock, quick):
    with pytest.raises(LoginError):
        users.authenticate("ann", "wrong", HERE)
    clock.forward(hours=25)
    with pytest.raises(LoginError):
        users.authenticate("bob", "wrong", HERE)
    with store.reading() as session:
        assert session.connection().execute(text("SELECT name FROM login_attempt")).scalars().all() == ["bob"]


def test_every_change_of_a_user_names_who_did_it(users, clock):
    users.ensure_first_admin()
    made = users.add("ann", Role.MODERATOR, by="admin")
    users.change_password("ann", made, PASSWORD, HERE)
    users.set_password("ann", by="eve")
    users.disable("ann", by="eve")
    users.enable("ann", by="admin")
    found = users.changes()
    assert [(one.name, one.change, one.by) for one in found] == [
        ("ann", UserChange.ENABLED, "admin"),
        ("ann", UserChange.DISABLED, "eve"),
        ("ann", UserChange.PASSWORD_GIVEN, "eve"),
        ("ann", UserChange.PASSWORD_CHANGED, "ann"),
        ("ann", UserChange.ADDED, "admin"),
        ("admin", UserChange.ADDED, "system"),
    ]
    assert {one.at for one in found} == {clock.now}
    assert users.changes(latest=4) == found[:4]


def test_what_was_refused_is_no_change(users):
    users.ensure_first_admin()
    before = users.changes()
    for refused in (
        lambda: users.add("admin", Role.ADMIN, by="eve"),
        lambda: users.disable("admin", by="eve"),
    ):
        with pytest.raises(UserError):
            refused()
    assert users.changes() == before
