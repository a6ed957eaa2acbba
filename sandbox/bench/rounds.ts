/** When a request had arrived and when its answer had gone, in ms. */
export interface Span {
  at: number
  endedAt: number
}

/**
 * The dependent rounds of a run: the longest chain of requests of which each can have waited for the answer to the one
 * before. Behind an answer the next request arrives a whole round trip later at the soonest, half of it each way, so
 * one that comes sooner was not waiting. Handshakes are no requests.
 *
 * @param roundTripMs 0 would tell nothing: what is merely sent one after the other looks dependent then
 */
export function countRounds(spans: readonly Span[], roundTripMs: number): number {
  // The span that ends first never makes a chain shorter.
  let rounds = 0
  let free = Number.NEGATIVE_INFINITY
  for (const { at, endedAt } of spans.toSorted((a, b) => a.endedAt - b.endedAt)) {
    if (at < free) continue
    rounds += 1
    free = endedAt + roundTripMs * (1 - TOLERANCE)
  }
  return rounds
}

/** The stand-ins note times a little before or behind the network's, as a share of a round trip. */
const TOLERANCE = 0.1
