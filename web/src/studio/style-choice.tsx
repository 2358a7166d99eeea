export function StyleChoice() {
  return null;
}
