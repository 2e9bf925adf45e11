"""The visitor: which network a request comes from, and from whose page.

An address that is not of the Internet (a proxy's, this machine's) tells nobody apart,
so it is no address at all.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def visitor_network(remote: str, forwarded_for: str, *, trusted_proxies: int) -> str | None:
    """Tell the /24 or /64 a request comes from; None when a proxy hides it.

    *forwarded_for* is the X-Forwarded-For header, believed only from its end and only
    for as many steps as there are proxies of ours: the rest is what the visitor wrote.
    """
    steps = [step.strip() for step in forwarded_for.split(",") if step.strip()]
    address = remote
    if 0 < trusted_proxies <= len(steps):
        address = steps[-trusted_proxies]
    try:
        ip = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip
    if not ip.is_global:
        return None
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))


def comes_from_elsewhere(
    *, origin: str, referer: str, fetch_site: str, own_hosts: frozenset[str]
) -> bool:
    """Tell whether a form was sent from somebody else's page.

    The three headers are Origin, Referer and Sec-Fetch-Site, empty when missing. An
    origin that is «null» says nothing: our own pages hide theirs.
    """
    if fetch_site == "cross-site":
        return True
    said = origin if origin and origin != "null" else referer
    if not said:
        return False
    try:
        return urlsplit(said).netloc not in own_hosts
    except ValueError:
        # «http://[» is no address, and no page of ours.
        return True
