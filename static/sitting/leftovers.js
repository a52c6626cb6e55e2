/** What a computer still keeps of a turn that is over: handed over as what it is. The server keeps it as evidence and does not count it by itself. */

import { oneLoad } from "./wire.js";

const DONE = new Set(["moved", "late", "closed", "repeated"]);

/**
 * Hand over `kept` (as `Store.read` gives it), except what was handed over before. What the server has taken goes, or, where it came after the
 * close, stays as handed over for the case that the part is opened again; what cannot be handed over now stays for another time.
 * Resolves to `{ kept, unkept }`: how many changes the server keeps, and for how many it had no more room.
 */
export async function bringBack(server, store, kept) {
  const told = { kept: 0, unkept: 0 };
  const fresh = kept.filter(({ handed }) => !handed);
  const epochs = [...new Set(fresh.map(({ epoch }) => epoch))];
  for (const epoch of epochs) await ofOneTurn(server, store, fresh.filter((change) => change.epoch === epoch), told);
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
    letGo(store, load, reply);
    if (reply.kept === false) told.unkept += load.length;
    else told.kept += load.length;
    rest = rest.slice(load.length);
  }
}

function letGo(store, load, reply) {
  const [{ epoch }] = load;
  const gone = reply.outcome === "repeated" || (reply.outcome === "moved" && reply.epoch !== epoch);
  if (gone) load.forEach((change) => store.remove(epoch, change));
  else if (reply.kept !== false) load.forEach((change) => store.hand(epoch, change));
}
