-- One api makes this, once; running it again changes nothing.
CREATE TABLE IF NOT EXISTS jobs (
    id      serial PRIMARY KEY,
    text    text NOT NULL,
    state   text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done')),
    letters integer
);
