"""The database itself: connections, transactions, revisions of its tables, errors in our words."""
