"""Which addresses and names are always this machine's own: nobody else can be behind them."""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def address(text: str) -> Address | None:
    """
    Read an address.

    Parameters
    ----------
    text
        What may be one.

    Returns
    -------
    Address or None
        Absent if it is a name.
    """
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def is_loopback(found: Address) -> bool:
    """
    Tell whether an address is this machine's for itself.

    Parameters
    ----------
    found
        An address of either version.

    Returns
    -------
    bool
        Whether it is, also where it is an old address written as a new one.
    """
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return found.is_loopback if mapped is None else mapped.is_loopback


def names_this_machine(host: str) -> bool:
    """
    Tell whether a name or an address is always this machine's own.

    Parameters
    ----------
    host
        Name or address, without a port.

    Returns
    -------
    bool
        Whether it is `localhost` or a loopback address.

    Examples
    --------
    >>> [names_this_machine(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "example.nl")]
    [True, True, True, False, False]
    """
    parsed = address(host)
    if parsed is not None:
        return is_loopback(parsed)
    return host == "localhost" or host.endswith(".localhost")
