"""What processes of tests do that submit comments, see `tests.support.processes`."""

from multiprocessing.connection import Connection

from moderation import Comment, Moderator
from tests.support import scorers


def submit(connection: Connection, url: str, count: int) -> None:
    """Open the database and say so; when told to go, submit comments, and answer with what they are known by."""
    with Moderator.open(database=url, scorer=scorers.calm()) as moderator:
        connection.send("open")
        connection.recv()
        comments = (Comment(f"Comment number {n} of the day.", external_id=str(n)) for n in range(count))
        connection.send([(decision.comment_id, decision.id) for decision in moderator.submit_many(comments)])
