"""Do the tools that they are for read our exports, and find the same graph in each?

usage: check.py path/to/guitu
"""

import csv
import json
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

import igraph
import networkx
import rdflib

AROUND = '{ neighborhood(of: [{id: "County:puning"}], depth: 2) { nodes { id } relationships { id } } }'
FILM = ["--ontology", "tests/film/schema.graphql", "--seed", "tests/exports/data"]
GEXF = "{http://gexf.net/1.3}"
RDF = rdflib.RDF


def export(guitu, data, flags, query, into):
    """Writes all formats; gives the folder."""
    subprocess.run([guitu, "query", *flags, "--data", data, "{ revision }"], check=True, capture_output=True)
    asked = ["--query", query] if query else []
    for name in ["gexf", "graphml", "cytoscape", "csv", "json-ld"]:
        command = [guitu, "export", *flags, "--data", data, *asked, "--format", name, into / name]
        subprocess.run(command, check=True, capture_output=True)
    return into


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def check_gexf(path, nodes, edges):
    """The structure that the schema of GEXF 1.3 asks for."""
    root = xml.parse(path).getroot()
    assert root.tag == GEXF + "gexf" and root.get("version") == "1.3"
    graph = root.find(GEXF + "graph")
    assert graph.get("defaultedgetype") in ("directed", "undirected")
    assert [part.tag.removeprefix(GEXF) for part in graph][-2:] == ["nodes", "edges"]
    for kind, ids in [("node", nodes), ("edge", edges)]:
        declared = {
            attribute.get("id")
            for group in graph.findall(GEXF + "attributes")
            if group.get("class") == kind
            for attribute in group
        }
        records = graph.find(f"{GEXF}{kind}s")
        assert int(records.get("count")) == len(records)
        assert {record.get("id") for record in records} == ids
        used = {value.get("for") for record in records for value in record.iter(GEXF + "attvalue")}
        assert used <= declared, used - declared


def check(folder):
    rows, links = table(folder / "csv/nodes.csv"), table(folder / "csv/edges.csv")
    nodes, edges = {row["Id"] for row in rows}, {row["Id"] for row in links}
    ends = sorted((row["Source"], row["Target"]) for row in links)
    assert len(nodes) == len(rows) > 1 and len(edges) == len(links) > 1
    check_gexf(folder / "gexf", nodes, edges)
    for graph in [networkx.read_gexf(folder / "gexf"), networkx.read_graphml(folder / "graphml")]:
        assert set(graph.nodes) == nodes and sorted(graph.edges()) == ends
        labels = {row["Id"]: row["typename"] for row in rows}
        assert dict(graph.nodes(data="typename")) == labels
    graph = igraph.Graph.Read_GraphML(str(folder / "graphml"))
    assert set(graph.vs["id"]) == nodes and graph.is_directed()
    assert sorted((graph.vs[e.source]["id"], graph.vs[e.target]["id"]) for e in graph.es) == ends
    elements = json.loads((folder / "cytoscape").read_text("utf-8"))["elements"]
    assert {node["data"]["id"] for node in elements["nodes"]} == nodes
    assert sorted((e["data"]["source"], e["data"]["target"]) for e in elements["edges"]) == ends
    triples = rdflib.Graph().parse(folder / "json-ld", format="json-ld")
    statements = set(triples.subjects(RDF.type, RDF.Statement))
    assert len(statements) == len(edges)
    for statement in statements:
        subject, predicate, object = (
            triples.value(statement, part) for part in (RDF.subject, RDF.predicate, RDF.object)
        )
        assert (subject, predicate, object) in triples, statement
    print(f"{len(nodes)} nodes and {len(edges)} edges are the same to all readers")


def main():
    guitu = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as home:
        home = Path(home)
        for name, flags, query in [("around", [], AROUND), ("all", [], None), ("film", FILM, None)]:
            (home / name).mkdir()
            check(export(guitu, home / f"{name}.data", flags, query, home / name))


main()
