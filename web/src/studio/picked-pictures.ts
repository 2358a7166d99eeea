/**
 * Addresses of the files that were picked during this visit, by the reference picture that came of each. They hold in this
 * page alone: no address of the server leads to the bytes of a reference picture.
 */
export class PickedPictures {
  private readonly addresses = new Map<string, string>();

  keep(id: string, file: Blob): void {
    this.drop(id);
    this.addresses.set(id, URL.createObjectURL(file));
  }

  addressOf(id: string): string | null {
    return this.addresses.get(id) ?? null;
  }

  /** The browser keeps a file as long as an address leads to it. */
  drop(id: string): void {
    const address = this.addresses.get(id);
    if (address === undefined) return;
    URL.revokeObjectURL(address);
    this.addresses.delete(id);
  }

  dropAll(): void {
    for (const id of [...this.addresses.keys()]) this.drop(id);
  }
}
