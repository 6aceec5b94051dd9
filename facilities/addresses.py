"""Where a request comes from."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest


def client_address(request: HttpRequest | None) -> str:
    """The address that counts towards a limit; empty where there is none.

    ``REMOTE_ADDR`` is the visitor's: the web server has put it there from ``X-Forwarded-For``,
    from as many proxies as are configured and no further (ilp.launch.web). Of IPv6 the /64,
    which one household has whole.
    """
    given = "" if request is None else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return str(given)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
