"""Who gets in: the forms and OpenID Connect, the cookies they end in, and the gate that asks for one."""
