"""`python serve.py DATABASE PORT`: the real server, at which everybody is the admin ann; logging in is tested elsewhere."""

import os
import sys
from datetime import UTC, datetime

import uvicorn

from dashboard import auth, security, session, sessions
from moderation.desk import Account, Role

os.environ["MODERATION_DATABASE"] = sys.argv[1]
ANN = Account("ann", Role.ADMIN, datetime.now(UTC), None, must_change=False, session=1)

for module in (auth, security, session, sessions):
    module.account_of_cookies = lambda _: ANN  # type: ignore[attr-defined]

if __name__ == "__main__":
    from dashboard.server import create_app

    uvicorn.run(create_app(), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
