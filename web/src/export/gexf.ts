/** How does Gephi read the graph? GEXF 1.3 with colours, sizes and places. */
import { xml, type OutEdge, type OutGraph, type OutNode } from "./model";

export function gexf({ nodes, edges }: OutGraph): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
  <graph defaultedgetype="directed">
    <attributes class="node">
      <attribute id="type" title="type" type="string"/>
      <attribute id="time" title="time" type="string"/>
      <attribute id="longitude" title="longitude" type="double"/>
      <attribute id="latitude" title="latitude" type="double"/>
    </attributes>
    <attributes class="edge">
      <attribute id="type" title="type" type="string"/>
    </attributes>
    <nodes>
${nodes.map(node).join("\n")}
    </nodes>
    <edges>
${edges.map(edge).join("\n")}
    </edges>
  </graph>
</gexf>
`;
}

function node({ id, label, type, times, point, color, size, x, y }: OutNode): string {
  const values = [value("type", type), times && value("time", times), point && value("longitude", point[0]), point && value("latitude", point[1])];
  return `      <node id="${xml(id)}" label="${xml(label)}">
        <attvalues>${values.filter(Boolean).join("")}</attvalues>
        <viz:color hex="${xml(color)}"/><viz:size value="${size}"/><viz:position x="${x}" y="${y}" z="0"/>
      </node>`;
}

const value = (name: string, text: string | number): string => `<attvalue for="${name}" value="${xml(String(text))}"/>`;

function edge({ id, source, target, type, label }: OutEdge): string {
  return `      <edge id="${xml(id)}" source="${xml(source)}" target="${xml(target)}" label="${xml(label)}"><attvalues>${value("type", type)}</attvalues></edge>`;
}
