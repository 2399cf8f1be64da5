"""What tests of logging in share."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def _no_certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nobody here speaks TLS, yet each HTTP client, also a server's, would read all certificates: longer than a request."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSL_CERT_FILE", raising=False)  # it would count first
        patch.setenv("SSL_CERT_DIR", str(tmp_path_factory.mktemp("certificates")))
        yield
