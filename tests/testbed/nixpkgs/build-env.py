"""build-env.py OUT first|fail "PREFIX..." PATH...: a tree of links to all paths; a folder is a link as long as one path has it."""

import os
import sys

out, collisions, prefixes = sys.argv[1], sys.argv[2], sys.argv[3].split()
trees = []
for path in sys.argv[4:]:
    if path not in trees:
        trees.append(path)


def wanted(relative):
    """Whether a path lies in a linked prefix, or on the way to one."""
    here = "/" + relative
    return any(p == "/" or here == p or here.startswith(p + "/") or p.startswith(here + "/") for p in prefixes)


def whole(relative):
    here = "/" + relative
    return any(p == "/" or here == p or here.startswith(p + "/") for p in prefixes)


def link(relative, sources):
    target = os.path.join(out, relative) if relative else out
    folders = [s for s in sources if os.path.isdir(s)]
    if relative and len(sources) == 1 and (not folders or whole(relative)):
        os.symlink(sources[0], target)
    elif len(folders) == len(sources):
        os.makedirs(target, exist_ok=True)
        names = {}
        for source in folders:
            for name in os.listdir(source):
                names.setdefault(name, []).append(os.path.join(source, name))
        for name in sorted(names):
            inside = f"{relative}/{name}" if relative else name
            if wanted(inside) and inside != "nix-support":
                link(inside, names[name])
    else:
        if collisions == "fail" and len({os.path.realpath(s) for s in sources}) > 1:
            sys.exit(f"collision between {sources[0]} and {sources[1]}")
        os.symlink(sources[0], target)


link("", trees)
os.makedirs(out, exist_ok=True)
