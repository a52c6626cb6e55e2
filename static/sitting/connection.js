/** One sentence, always there: what is saved where and when, what waits, what happens next; and a banner when the reader has to know. */

const SOON_MS = 2000;
const NEWS_MS = 50; // long enough for a screen reader to see the place empty

export class Connection {
  #root;
  #say;
  #clock;
  #time;
  #signIn;
  #wasCut = false;
  #pulse;
  #news = [];
  /** While the page says something of its own, what hinders the connection does not talk over it. */
  hold = false;

  /** `signIn` is the address at which somebody who is signed out signs in again. */
  constructor(root, { say, clock, time, signIn }) {
    this.#root = root;
    this.#signIn = signIn;
    this.#say = say;
    this.#clock = clock;
    this.#time = time;
  }

  /** Show how the saver stands; `answered` is how many questions hold an answer on the server. */
  show(saver, answered) {
    clearTimeout(this.#pulse);
    const [first, second] = this.#sentence(saver, answered);
    put(this.#root.querySelector("#connection-first"), first);
    put(this.#root.querySelector("#connection-second"), second);
    this.#root.querySelector("#connection").classList.toggle("is-off", Boolean(saver.trouble));
    if (saver.trouble) this.#pulse = setTimeout(() => this.show(saver, answered), 1000);
    this.#banner(saver);
  }

  /** Tell those who listen, once. */
  announce(text) {
    const place = this.#root.querySelector("#said");
    if (this.#news.push(text) > 1) return;
    put(place, "");
    setTimeout(() => put(place, this.#news.splice(0).join(" ")), NEWS_MS);
  }

  /** A banner with two sentences and perhaps a way on; nothing given takes it away. `then` names another second sentence than the usual. */
  tell(name, { way, values = {}, more = "", then = `${name}_then` } = {}) {
    const banner = this.#root.querySelector("#trouble");
    banner.hidden = !name;
    if (!name) return;
    put(this.#root.querySelector("#trouble-first"), this.#say(name, values));
    put(this.#root.querySelector("#trouble-second"), [this.#say(then, values), more].join(" ").trim());
    const link = this.#root.querySelector("#trouble-way");
    link.hidden = !way;
    if (way) {
      link.href = way;
      put(link, this.#say(`${name}_way`));
    }
  }

  #sentence(saver, answered) {
    const seconds = Math.max(1, Math.ceil((saver.nextTry - performance.now()) / 1000));
    const count = saver.unsaved;
    const kept = saver.safe ? "unsent_then" : "unsent_page_then";
    if (saver.trouble && count) return [this.#say("unsent", { count }), this.#say(kept, { seconds })];
    if (saver.trouble) return [this.#say("cut"), this.#say("cut_then", { seconds })];
    if (count) return [this.#say("sending"), this.#say("sending_then", { count })];
    const held = { count: answered };
    if (saver.savedAt !== null) return [this.#say("held"), this.#say("saved_then", { ...held, time: this.#time(saver.savedAt) })];
    if (answered) return [this.#say("held"), this.#say("held_then", held)];
    return [this.#say("nothing"), this.#say("nothing_then")];
  }

  #banner(saver) {
    if (saver.state !== "open" || this.hold) return;
    if (!saver.trouble) {
      if (this.#wasCut && !saver.unsaved) {
        this.#wasCut = false;
        this.announce(this.#say("back"));
      }
      this.tell(null);
      return;
    }
    const lasting = performance.now() - saver.troubleSince;
    if (lasting < SOON_MS && saver.trouble === "cut") return;
    this.#wasCut = true;
    this.#hindrance(saver, { time: this.#time(this.#clock.now() - lasting) });
  }

  /** What to do depends on whether this computer keeps what waits, or this page alone. */
  #hindrance({ trouble, safe }, values) {
    if (trouble === "cut") this.tell("trouble_cut", { values, then: safe ? "trouble_cut_then" : "trouble_cut_page_then" });
    else if (trouble === "signed_out" && safe) this.tell("trouble_signed_out", { values, way: this.#signIn });
    else this.tell(trouble === "signed_out" ? "trouble_signed_out_page" : `trouble_${trouble}`, { values });
  }
}

/** Write a text only where it changed, so that nothing is read twice. */
function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
