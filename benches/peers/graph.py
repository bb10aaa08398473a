"""What do igraph and rustworkx take for the questions of benches/graph.rs? Run by that bench; prints
a line for each measurement: its name, the library, CPU seconds, with tabs between."""

import sys
import time
from pathlib import Path

import igraph
import numpy
import rustworkx

PIVOTS = 16
FEW = 20

folder = Path(sys.argv[1])
ROUNDS = int(sys.argv[2])
nodes = int((folder / "nodes").read_text())


def pairs(name):
    return numpy.fromfile(folder / name, dtype="<u4").reshape(-1, 2)


def measure(name, library, run, count=1):
    rounds = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        run()
        rounds.append((time.process_time() - begin) / count)
    print(name, library, sorted(rounds)[ROUNDS // 2], sep="\t", flush=True)


def igraph_of(edges, directed):
    return igraph.Graph(n=nodes, edges=edges, directed=directed)


def rustworkx_of(edges, directed):
    graph = rustworkx.PyDiGraph() if directed else rustworkx.PyGraph()
    graph.add_nodes_from(range(nodes))
    graph.extend_from_edge_list([tuple(edge) for edge in edges.tolist()])
    return graph


def rank(graph, iterations, tolerance):
    try:
        rustworkx.pagerank(graph, alpha=0.85, tol=tolerance, max_iter=iterations)
    except rustworkx.FailedToConverge:
        pass


edges, knows = pairs("all"), pairs("knows")
people = numpy.fromfile(folder / "people", dtype="<u4").tolist()
starts, ends = people[: len(people) // 2], people[len(people) // 2 :]
step = nodes // PIVOTS
pivots = list(range(0, step * PIVOTS, step))

both, out = igraph_of(edges, False), igraph_of(edges, True)
friends = igraph_of(knows, False)
library = "igraph"
measure("reading the edges, both ways", library, lambda: igraph_of(edges, False))
measure("PageRank, to its tolerance", library, lambda: both.pagerank())
measure("weak components", library, lambda: both.connected_components(mode="weak"))
measure("strong components", library, lambda: out.connected_components(mode="strong"))
measure("betweenness from 16 nodes", library, lambda: both.betweenness(sources=pivots))
measure("communities", library, lambda: both.community_leiden("modularity", n_iterations=2))
found = both.community_leiden("modularity", n_iterations=2)
print(f"communities by igraph's Leiden: {len(found)}, modularity {found.modularity:.4f}")
measure(
    "shortest path between two people",
    library,
    lambda: [friends.get_shortest_path(a, b) for a, b in zip(starts, ends)],
    len(starts),
)
few = list(zip(starts[:FEW], ends))
measure(
    "three shortest paths between two people",
    library,
    lambda: [friends.get_k_shortest_paths(a, b, k=3) for a, b in few],
    FEW,
)
measure(
    "simple paths of at most 4 edges",
    library,
    lambda: [friends.get_all_simple_paths(a, b, maxlen=4) for a, b in few],
    FEW,
)
found = sum(len(friends.get_all_simple_paths(a, b, maxlen=4)) for a, b in few)
print(f"simple paths of at most 4 edges by igraph: {found} between {FEW} pairs")
for depth in (1, 2, 3):
    measure(
        f"nodes within {depth} steps of a person",
        library,
        lambda: [friends.neighborhood_size(a, order=depth) for a in starts],
        len(starts),
    )

del both, out, friends
library = "rustworkx"
arrows = numpy.concatenate([edges, edges[:, ::-1]])
both_ways, both = rustworkx_of(arrows, True), rustworkx_of(edges, False)
out, friends = rustworkx_of(edges, True), rustworkx_of(knows, False)
measure("reading the edges, both ways", library, lambda: rustworkx_of(edges, False))
measure("PageRank, 20 iterations", library, lambda: rank(both_ways, 20, 0.0))
measure("PageRank, to its tolerance", library, lambda: rank(both_ways, 100, 1e-9 / nodes))
measure("weak components", library, lambda: rustworkx.connected_components(both))
measure("strong components", library, lambda: rustworkx.strongly_connected_components(out))
measure(
    "shortest path between two people",
    library,
    lambda: [rustworkx.dijkstra_shortest_paths(friends, a, b) for a, b in few],
    FEW,
)
# Its cutoff counts nodes.
measure(
    "simple paths of at most 4 edges",
    library,
    lambda: [rustworkx.all_simple_paths(friends, a, b, cutoff=5) for a, b in few],
    FEW,
)
found = sum(len(rustworkx.all_simple_paths(friends, a, b, cutoff=5)) for a, b in few)
print(f"simple paths of at most 4 edges by rustworkx: {found} between {FEW} pairs")
