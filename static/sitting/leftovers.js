/** What a computer still keeps of a turn that is over: handed over as what it is. The server keeps it as evidence and does not count it by itself. */

import { oneLoad } from "./wire.js";

const DONE = new Set(["moved", "late", "closed", "repeated"]);

/**
 * Hand over `kept` (as `Store.read` gives it) and let go of what the server has taken; what cannot be handed over now stays for another time.
 * Resolves to `{ kept, unkept }`: how many changes the server keeps, and for how many it had no more room.
 */
export async function bringBack(server, store, kept) {
  const told = { kept: 0, unkept: 0 };
  const epochs = [...new Set(kept.map(({ epoch }) => epoch))];
  for (const epoch of epochs) await ofOneTurn(server, store, kept.filter((change) => change.epoch === epoch), told);
  return told;
}

async function ofOneTurn(server, store, kept, told) {
  let rest = kept;
  // Under the number that the page itself would have used: should its own request still arrive, it is the same piece.
  for (let seq = Math.min(...kept.map((change) => change.seq)) + 1; rest.length; seq += 1) {
    const load = oneLoad(rest);
    const answers = load.map(({ number, kind, value }) => [number, kind, value]);
    const reply = await server.save(JSON.stringify({ seq, epoch: load[0].epoch, answers }));
    if (!DONE.has(reply.outcome)) return;
    load.forEach((change) => store.remove(change.epoch, change));
    if (reply.kept === false) told.unkept += load.length;
    else told.kept += load.length;
    rest = rest.slice(load.length);
  }
}
