"""Where the server listens, and what people type to get there.

HOST is an address of this machine or a name of it; 0.0.0.0 and :: are all addresses that it has,
:: those of IPv4 among them. What others can type is found without asking anybody: of its network
cards where the system lists them, and by the way that a packet to far away would take. None is
sent: those addresses are kept for documentation (RFC 5737, RFC 3849).
"""

import ipaddress
import os
import re
import socket
import struct
import sys
from collections.abc import Iterator

FAR = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
EVERYWHERE = {"0.0.0.0": ("127.0.0.1", "0.0.0.0"), "::": ("::1", "::")}  # itself first
OF_A_CARD = 0x8915  # Linux: SIOCGIFADDR


def where() -> tuple[str, int]:
    """HOST and PORT."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8501")
    if not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise SystemExit(f"PORT must be a whole number from 1 to 65535 (got {port[:80]!r})")
    return host.strip("[]"), int(port)


def listening(host: str, port: int) -> socket.socket:
    """A socket of this server's own, so that nobody takes the port between a look and its use."""
    is_new = ":" in host
    family = socket.AF_INET6 if is_new else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # TCP by its name:
    # asyncio switches Nagle's algorithm off for no other
    try:
        if os.name != "nt":  # there it lets two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_new:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(host != "::"))
        listener.bind((host, port))
        listener.listen()
    except (OSError, UnicodeError) as error:
        listener.close()
        reason = (getattr(error, "strerror", None) or "no such name").partition(" (")[0]
        raise SystemExit(f"Cannot listen on {host[:80]} port {port}: {reason}. "
                         "HOST and PORT choose another.") from None
    return listener


def urls(host: str, port: int) -> list[str]:
    """What can be typed: this machine's own way first, then that of others."""
    if host not in EVERYWHERE:
        return [f"http://{in_url(host)}:{port}"]
    names = ["127.0.0.1", *own_addresses(with_new=host == "::")]
    return [f"http://{in_url(name)}:{port}" for name in dict.fromkeys(names)]


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def own_addresses(with_new: bool = True) -> list[str]:
    """Addresses of this machine that others can reach."""
    families = [socket.AF_INET, *([socket.AF_INET6] if with_new else [])]
    found = dict.fromkeys([*map(on_the_way, families), *of_cards()])
    return [address for address in found if address and not is_local(address)]


def is_local(address: str) -> bool:
    known = ipaddress.ip_address(address)
    return known.is_loopback or known.is_unspecified or known.is_link_local


def on_the_way(family: socket.AddressFamily) -> str:
    """The own address from which a packet to far away would start."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((FAR[family], 9))
            return probe.getsockname()[0]
    except OSError:
        return ""


def of_cards() -> Iterator[str]:
    """The IPv4 address of each network card, on Linux."""
    if sys.platform != "linux":
        return
    from fcntl import ioctl
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            try:
                card = ioctl(probe.fileno(), OF_A_CARD, struct.pack("256s", name.encode()[:15]))
                yield socket.inet_ntoa(card[20:24])
            except OSError:  # it has none
                continue
