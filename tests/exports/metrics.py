"""Are the numbers of `graphMetrics` those that NetworkX and igraph compute of the exported graph?

usage: metrics.py path/to/guitu
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import igraph
import networkx

ALL = "first: 1000000"
QUERY = """{ graphMetrics%s {
  nodeCount relationshipCount density
  degree: ranking(by: DEGREE, ALL) { ...place }
  pagerank: ranking(by: PAGERANK, ALL) { ...place }
  betweenness: ranking(by: BETWEENNESS, ALL) { ...place }
  closeness: ranking(by: CLOSENESS, ALL) { ...place }
  weak: components { ...groups }
  strong: components(kind: STRONG) { ...groups }
  communities { count modularity groups(ALL) { size nodes(ALL) { id } } }
} }
fragment place on GraphRanking { value sampled node { id } }
fragment groups on GraphComponents { count groups(ALL) { size nodes(ALL) { id } } }
""".replace("ALL", ALL)

TYPES, FOLLOWED = ["City", "County", "Province"], ["RETURN_ROUTE", "IN_PROVINCE"]


def run(guitu, world, *arguments):
    command = [guitu, arguments[0], *world, *arguments[1:]]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def part_of(whole, direction):
    """A part of the exported graph as a multigraph of NetworkX; without a direction all of it."""
    graph = networkx.MultiDiGraph() if direction in ("OUT", "IN") else networkx.MultiGraph()
    every = direction is None
    graph.add_nodes_from(node for node, kind in whole.nodes(data="typename") if every or kind in TYPES)
    for source, target, label in whole.edges(data="label"):
        if source in graph and target in graph and (every or label in FOLLOWED):
            graph.add_edge(*(target, source) if direction == "IN" else (source, target))
    return graph


def arguments(direction):
    if direction is None:
        return ""
    follow = [f"{{type: {label}, direction: {direction}}}" for label in FOLLOWED]
    return f"(types: [{', '.join(TYPES)}], follow: [{', '.join(follow)}])"


def simple(graph):
    return networkx.DiGraph(graph) if graph.is_directed() else networkx.Graph(graph)


def close(name, found, expected):
    """Whether a ranking has the values of a table by node."""
    found = {place["node"]["id"]: place["value"] for place in found}
    assert found.keys() == dict(expected).keys(), name
    worst = max(abs(found[node] - value) for node, value in dict(expected).items())
    assert worst < 1e-7, f"{name}: differs by {worst}"


def sets(division):
    return sorted(sorted(node["id"] for node in group["nodes"]) for group in division["groups"])


def walked(graph):
    """What a random walk follows: an undirected edge both ways, a loop once."""
    arcs = networkx.MultiDiGraph()
    arcs.add_nodes_from(graph)
    for source, target in graph.edges():
        arcs.add_edge(source, target)
        if source != target and not graph.is_directed():
            arcs.add_edge(target, source)
    return arcs


def pagerank(arcs):
    """That of igraph: NetworkX needs SciPy for it."""
    numbers = {node: number for number, node in enumerate(arcs)}
    edges = [(numbers[source], numbers[target]) for source, target in arcs.edges()]
    graph = igraph.Graph(n=len(numbers), edges=edges, directed=True)
    return dict(zip(numbers, graph.pagerank(damping=0.85)))


def check(found, graph):
    arcs, plain = walked(graph), simple(graph)
    assert found["nodeCount"] == len(graph) and found["relationshipCount"] == graph.number_of_edges()
    assert not any(place["sampled"] for place in found["betweenness"] + found["closeness"])
    close("degree", found["degree"], arcs.out_degree())
    close("pagerank", found["pagerank"], pagerank(arcs))
    close("betweenness", found["betweenness"], networkx.betweenness_centrality(plain))
    # NetworkX looks at the distances to a node, we at those from it.
    outwards = plain.reverse() if plain.is_directed() else plain
    close("closeness", found["closeness"], networkx.closeness_centrality(outwards))
    weak = networkx.connected_components(graph.to_undirected() if graph.is_directed() else graph)
    assert sets(found["weak"]) == sorted(sorted(part) for part in weak)
    strong = networkx.strongly_connected_components(arcs)
    assert sets(found["strong"]) == sorted(sorted(part) for part in strong)
    groups, undirected = sets(found["communities"]), graph.to_undirected()
    modularity = networkx.community.modularity(undirected, groups)
    assert abs(found["communities"]["modularity"] - modularity) < 1e-9, modularity
    for group in groups:
        assert networkx.is_connected(undirected.subgraph(group)), group
    peers = [networkx.community.louvain_communities(undirected, seed=seed) for seed in range(3)]
    best = max(networkx.community.modularity(undirected, peer) for peer in peers)
    assert modularity > best - 0.01, f"Louvain finds {best}, we {modularity}"
    print(f"{len(graph)} nodes and {graph.number_of_edges()} edges are measured alike")


def compare(guitu, world, file, directions):
    run(guitu, world, "query", "{ revision }")
    run(guitu, world, "export", "--format", "graphml", file)
    whole = networkx.read_graphml(file)
    for direction in directions:
        found = json.loads(run(guitu, world, "query", QUERY % arguments(direction)))
        check(found.get("data", found)["graphMetrics"], part_of(whole, direction))


def main():
    guitu = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as home:
        compare(guitu, ["--data", f"{home}/seed"], f"{home}/seed.graphml", [None, "BOTH", "OUT", "IN"])
        # Loops, parallel edges, a circle, nodes by themselves.
        harbour = ["--ontology", "tests/harbour/schema.graphql", "--seed", "tests/harbour/data"]
        compare(guitu, [*harbour, "--data", f"{home}/harbour"], f"{home}/harbour.graphml", [None])


main()
