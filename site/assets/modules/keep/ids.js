// The form of what baskets and pasted texts store: doc@YYYY-MM-DD#clause (kb/ids.py).

const ID =
  /^[a-z0-9]+(?:-[a-z0-9]+)*@\d{4}-\d{2}-\d{2}#[A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)*(?:~[0-9]+(?:[-.][A-Za-z0-9]+)*)?$/;
const LONGEST = 160;

/** Whether a value is the stored id of a clause or of a part of one. */
export const isId = (value) => typeof value === "string" && value.length <= LONGEST && ID.test(value);
