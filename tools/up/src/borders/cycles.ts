export interface Edge {
  from: string;
  to: string;
}

/** Groups of folders that import each other, each sorted by name. */
export function cycles(edges: readonly Edge[]): string[][] {
  const nodes = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].sort();
  const reach = new Map(nodes.map((node) => [node, reachable(node, edges)]));
  const groups = new Map<string, string[]>();
  for (const node of nodes) {
    if (!reach.get(node)?.has(node)) continue;
    const group = nodes.filter((other) => reach.get(node)?.has(other) && reach.get(other)?.has(node));
    groups.set(group.join(', '), group);
  }
  return [...groups.values()];
}

function reachable(start: string, edges: readonly Edge[]): Set<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop())
    for (const { from, to } of edges)
      if (from === node && !seen.has(to)) {
        seen.add(to);
        open.push(to);
      }
  return seen;
}
