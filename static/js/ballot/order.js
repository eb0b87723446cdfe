// Orders and moves: an order is a list of ties, and a tie is a list of slugs, as in [["data"], ["workforce", "governance"]].
// mixportal/ballots/order.py has the same moves. None of these changes its argument.

export const tieOf = (order, slug) => order.findIndex((tie) => tie.includes(slug));

// 1 + the number of entries above, or 0 if it is not ranked.
export function placeOf(order, slug) {
  const at = tieOf(order, slug);
  return at < 0 ? 0 : order.slice(0, at).flat().length + 1;
}

export const same = (one, other) => written(one) === written(other);
const written = (order) => JSON.stringify(order.map((tie) => [...tie].sort()));

const without = (order, slug) => order.map((tie) => tie.filter((each) => each !== slug)).filter((tie) => tie.length);

export const moves = {
  next: (order, slug) => [...without(order, slug), [slug]],
  drop: without,
  top: (order, slug) => [[slug], ...without(order, slug)],
  up: (order, slug) => step(order, slug, -1),
  down: (order, slug) => step(order, slug, 1),
  // join the row above
  tie(order, slug) {
    const at = tieOf(order, slug);
    if (at < 1 || order[at][0] !== slug) return order;
    const joined = [...order[at - 1], slug];
    const left = order[at].slice(1);
    return [...order.slice(0, at - 1), joined, ...(left.length ? [left] : []), ...order.slice(at + 1)];
  },
  // put it in that place, alone, or in the next that is no tie's; the others move down
  place(order, slug, number) {
    const rest = without(order, slug);
    const above = rest.filter((tie) => placeOf(rest, tie[0]) < number).length;
    return rest.toSpliced(above, 0, [slug]);
  },
  insert: (order, slug, ties) => without(order, slug).toSpliced(ties, 0, [slug]), // below so many ties
};

// Change places with the neighbor, or step out of a tie to just above or below it.
function step(order, slug, by) {
  const at = tieOf(order, slug);
  if (at < 0) return by < 0 ? moves.next(order, slug) : order;
  const to = order[at].length > 1 ? at + (by > 0) : at + by;
  const rest = without(order, slug);
  return to < 0 || to > rest.length ? order : rest.toSpliced(to, 0, [slug]);
}
