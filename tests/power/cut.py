#!/usr/bin/env python3
"""Does the store on sled survive a power cut? Run by hand: it needs strace.

    cargo test --test it --no-run      # prints the test binary
    tests/power/cut.py BINARY FOLDER [--rounds 5] [--lines 100] [--cuts 60] [--seed 1]

The child of tests/it/store/kill.rs works in FOLDER under strace and is killed after some
lines, ROUNDS times. From the trace this program knows at each moment what was synced:
file contents by fsync and fdatasync (sync_file_range counts for nothing), names by
fsync of a folder. At CUTS random moments it builds what four power cuts could leave
(nothing unsynced, everything, twice a random part by pages of 4 KB), opens it with the
store, and compares with what the child had been told is durable by then.
"""
import argparse, os, random, re, shutil, signal, subprocess, sys

CALLS = "openat,pwrite64,write,ftruncate,fsync,fdatasync,rename,unlink,unlinkat,rmdir,mkdir"
# The steps of the child, in tests/it/store/kill.rs: what each adds to (revision, checkpoint, meta).
APPEND = lambda n: lambda r, c, m: (r + n, c, m)
META = lambda r, c, m: (r, c, m + 1)
CHECKPOINT = lambda r, c, m: (r, r, m)
IMPORT = lambda r, c, m: (r + 1, r + 1, m)
ABANDON = lambda r, c, m: (r, c, m)
STEPS = [APPEND(1), APPEND(7), META, APPEND(1), CHECKPOINT, APPEND(3), APPEND(1), IMPORT, APPEND(2), ABANDON]
PAGE = 4096


def child(binary, data, prefix=()):
    command = [*prefix, binary, "--ignored", "--exact", "store::kill::child", "--nocapture"]
    environment = dict(os.environ, GUITU_TEST_STORE=data, RUST_BACKTRACE="0")
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, start_new_session=True)


def record(options, data, log):
    """Runs the child under strace and kills it after a random number of its lines."""
    strace = ["strace", "-f", "-xx", "-y", "-s", "20000000", "-o", log, "-e", f"trace={CALLS}"]
    running = child(options.binary, data, strace)
    wanted = random.randint(3, options.lines)
    for line in running.stdout:
        wanted -= b"store: " in line
        if wanted <= 0:
            break
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()


def text(hexed):
    return bytes.fromhex(hexed.strip('"').replace("\\x", ""))


def path_of(argument):
    """The path that strace -y gives with a descriptor."""
    found = re.match(r"-?\w+<(.*)>$", argument, re.S)
    path = found[1] if found else argument.strip('"')
    return text(path).decode("utf8", "replace") if "\\x" in path else path


def events(log, data):
    """The trace as (name, arguments...), in the order in which calls ended."""
    begun = {}
    for line in open(log, errors="replace"):
        pid, _, call = line.rstrip("\n").partition(" ")
        call = call.strip()
        if "<unfinished ...>" in call:
            begun[pid] = call.split("<unfinished ...>")[0]
            continue
        if call.startswith("<... "):
            call = begun.pop(pid, "") + call.partition(" resumed>")[2]
        parsed = re.match(r"(\w+)\((.*)\) += (\d+|0x[0-9a-f]+)", call, re.S)
        if parsed:
            yield from event(parsed[1], parsed[2].split(", "), data)
    for call in begun.values():  # what a kill interrupted may have happened
        name, _, arguments = call.partition("(")
        if name == "pwrite64":
            yield from event(name, [a.strip() for a in arguments.split(", ")], data)
    yield ("restart",)


def event(name, a, data):
    if name == "write" and text(a[1]).startswith(b"store: "):
        yield ("said", text(a[1]).decode())
    elif name == "unlinkat":
        file = path_of(a[1])
        yield ("remove", file if file.startswith("/") else f"{path_of(a[0])}/{file}")
    elif name == "openat":
        path = path_of(a[1])
        if path.startswith(data) and "O_CREAT" in a[2]:
            yield ("create", path, "O_TRUNC" in a[2])
    elif path_of(a[0]).startswith(data) or path_of(a[0]) == os.path.dirname(data):
        path = path_of(a[0])
        if name == "pwrite64":
            yield ("write", path, int(a[3]), text(a[1]))
        elif name == "write":
            yield ("write", path, None, text(a[1]))
        elif name == "ftruncate":
            yield ("truncate", path, int(a[1]))
        elif name in ("fsync", "fdatasync"):
            yield ("sync", path)
        elif name == "rename":
            yield ("rename", path, path_of(a[1]))
        elif name in ("unlink", "rmdir"):
            yield ("remove", path)
        elif name == "mkdir":
            yield ("folder", path)


class File:
    def __init__(self):
        self.synced, self.now, self.pages, self.at = b"", bytearray(), set(), 0

    def write(self, at, data):
        if at is None:
            at, self.at = self.at, self.at + len(data)
        self.now.extend(bytes(max(0, at + len(data) - len(self.now))))
        self.now[at:at + len(data)] = data
        self.pages.update(range(at // PAGE, (at + len(data) + PAGE - 1) // PAGE))

    def left(self, mode):
        if mode != "some":
            return self.synced if mode == "none" else bytes(self.now)
        size = random.choice([len(self.synced), len(self.now)])
        out = bytearray(self.synced[:size].ljust(size, b"\0"))
        for page in self.pages:
            part = self.now[page * PAGE:min(page * PAGE + PAGE, size)]
            if random.random() < 0.5 and part:
                out[page * PAGE:page * PAGE + len(part)] = part
        return bytes(out)


class Disk:
    def __init__(self):
        self.tree, self.synced, self.pending = {}, {}, []

    def name(self, *change):
        self.pending.append(change)
        apply(self.tree, change)

    def take(self, kind, path, *rest):
        file = self.tree.get(path)
        if kind == "create":
            if not isinstance(file, File):
                file = File()
                self.name("put", path, file)
            elif rest[0]:
                file.now = bytearray()
            file.at = 0
        elif kind == "folder":
            self.name("put", path, None)
        elif kind in ("rename", "remove"):
            self.name(kind, path, *rest)
        elif kind == "sync" and isinstance(file, File):
            file.synced, file.pages = bytes(file.now), set()
        elif kind == "sync":
            for change in self.pending:
                apply(self.synced, change)
            self.pending.clear()
        elif kind == "write" and file:
            file.write(*rest)
        elif kind == "truncate" and file:
            file.now = file.now[:rest[0]].ljust(rest[0], b"\0")

    def build(self, data, target, mode):
        """Writes what a power cut would leave."""
        kept = {"none": 0, "all": len(self.pending)}.get(mode, random.randint(0, len(self.pending)))
        tree = dict(self.synced)
        for change in self.pending[:kept]:
            apply(tree, change)
        shutil.rmtree(target, ignore_errors=True)
        os.makedirs(target)
        for path in sorted(tree):
            place = target + path[len(data):]
            if tree[path] is None:
                os.makedirs(place, exist_ok=True)
            elif os.path.isdir(os.path.dirname(place)):
                with open(place, "wb") as out:
                    out.write(tree[path].left(mode))


def apply(tree, change):
    kind, path, *rest = change
    if kind == "put":
        tree[path] = rest[0]
    elif kind == "rename" and path in tree:
        tree[rest[0]] = tree.pop(path)
    elif kind == "remove":
        for gone in [p for p in tree if p == path or p.startswith(path + "/")]:
            del tree[gone]


def opened(binary, target):
    """What the store says that it holds, or why it refuses."""
    running = child(binary, target)
    for line in running.stdout:
        if b"store: opened" in line:
            running.kill()
            running.communicate()
            return tuple(map(int, re.findall(rb"\d+", line.partition(b"opened")[2])))
    return running.communicate()[1].decode()


def fits(found, known, asked):
    return (isinstance(found, tuple) and known[0] <= found[0] <= asked[0]
            and found[1] in (known[1], asked[1]) and found[2] in (known[2], asked[2]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("folder", type=os.path.realpath)
    for name, default in [("rounds", 5), ("lines", 100), ("cuts", 60), ("seed", 1)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    random.seed(options.seed)
    os.makedirs(options.folder)
    data, target = f"{options.folder}/data", f"{options.folder}/cut"
    trace = []
    for number in range(options.rounds):
        log = f"{options.folder}/trace-{number}"
        record(options, data, log)
        trace.extend(events(log, data))
    moments = set(random.sample(range(len(trace)), min(options.cuts, len(trace))))
    disk, known, asked, steps, bad = Disk(), (0, 0, 0), (0, 0, 0), 0, 0
    for moment, (kind, *rest) in enumerate(trace):
        if kind == "said" and "opening" not in rest[0]:
            steps = 0 if "opened" in rest[0] else steps + 1
            known = tuple(map(int, re.findall(r"\d+", rest[0])))
            asked = STEPS[steps % len(STEPS)](*known)
        elif kind not in ("said", "restart"):
            disk.take(kind, *rest)
        for mode in ("none", "all", "some", "some") if moment in moments else ():
            disk.build(data, target, mode)
            found = opened(options.binary, target)
            if not fits(found, known, asked):
                bad += 1
                print(f"moment {moment}, {mode}: {found} instead of {known} to {asked}")
    print(f"{4 * len(moments)} power cuts over {len(trace)} calls up to {known}: {bad} lost something")
    sys.exit(bad > 0)


main()
