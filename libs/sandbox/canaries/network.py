"""Every way out: IPv4, IPv6, names, the host's loopback, its sockets in the file system and outside it, odd families."""
import json
import os
import socket

from attempts import attempt, done

trap = json.loads(os.environ["TRAP"])


def connect(family, address, kind=socket.SOCK_STREAM):
    def action():
        with socket.socket(family, kind) as one:
            one.settimeout(1)
            one.connect(address)

    return action


def knock(family, address):
    """There is a loopback inside too, and no answer from it: whether this got out, the host says."""
    with socket.socket(family, socket.SOCK_DGRAM) as one:
        one.sendto(b"out", address)


for port in trap["tcp4"]:
    attempt("host loopback", connect(socket.AF_INET, ("127.0.0.1", port)))
for port in trap["tcp6"]:
    attempt("host loopback, IPv6", connect(socket.AF_INET6, ("::1", port)))
for address in trap["addresses"]:
    attempt("address of the host", connect(socket.AF_INET, (address, trap["tcp4"][0])))
knock(socket.AF_INET, ("127.0.0.1", trap["udp4"]))
attempt("IPv4", connect(socket.AF_INET, ("192.0.2.1", 53)))
attempt("IPv4, UDP", connect(socket.AF_INET, ("192.0.2.1", 53), socket.SOCK_DGRAM))
attempt("IPv6", connect(socket.AF_INET6, ("2001:db8::1", 53)))
attempt("DNS", lambda: socket.getaddrinfo("example.com", 80))
attempt("socket in the file system", connect(socket.AF_UNIX, trap["unix"]))
attempt("abstract socket", connect(socket.AF_UNIX, "\0" + trap["abstract"]))
attempt("Docker's socket", connect(socket.AF_UNIX, "/var/run/docker.sock"))
attempt("AF_VSOCK", lambda: socket.socket(40, socket.SOCK_STREAM))
attempt("AF_PACKET", lambda: socket.socket(17, socket.SOCK_RAW))
attempt("AF_ALG", lambda: socket.socket(38, socket.SOCK_SEQPACKET))
attempt("raw socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
done()
