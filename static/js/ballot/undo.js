// What Undo takes back: the orders before each move of this visit, or one action that the portal has done.

export const ON_SERVER = Symbol("undone by the portal");

export class UndoStack {
  #steps = [];

  get isEmpty() {
    return !this.#steps.length;
  }

  get isOnServer() {
    return this.#steps.at(-1) === ON_SERVER;
  }

  // A move saves the ballot: from then on the portal can no longer undo what it did before.
  push(order) {
    if (this.isOnServer) this.#steps = [];
    this.#steps.push(order);
  }

  reset(isUndoable) {
    this.#steps = isUndoable ? [ON_SERVER] : [];
  }

  pop() {
    return this.#steps.pop();
  }
}
