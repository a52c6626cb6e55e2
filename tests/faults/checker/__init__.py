"""The black-box checker: it plays candidates over HTTP, writes down what it was promised, and compares that with what it reads back.

It imports nothing of the product (`tests/faults/test_checker_alone.py` holds that) and looks into no database. A save has one of three
outcomes: ACK (2xx with a receipt), NACK (a refusal in so many words), UNKNOWN (no reply, or a fault of the server's); an UNKNOWN one is
sent again as it was until it is answered. Before each request its intent is on the disk, after it its outcome.

    person.py      somebody who signs in and opens pages
    candidate.py   one simulated candidate: room, another machine, handing in, reading back
    invigilator.py who lets a candidate go on at another machine
    answers.py     what candidates choose and type, by what an item asks for
    moves.py       what candidates do to a server: batches, repeats, rivals, out of order, somebody else's sitting
    room.py        the addresses of the exam and the shape of their replies
    wire.py        HTTP with a cookie jar
    page.py        forms, options and tokens of a page
    journal.py     intents and outcomes, flushed to the disk line by line
    dice.py        chance from a seed
    told.py        the journal and the readings as typed values
    chain.py       the hash chain, computed from its published description
    verdict.py     what was lost, stale, phantom, reordered, foreign, and more
    exam.py        all candidates together, from sign-in to verdict
"""
