/** Wholesale titles come in capitals; people read sentence case more easily. */
export function readableTitle(
  title: string | undefined,
  itemId: string,
): string {
  if (title === undefined || title.trim() === "") return `Item ${itemId}`;
  const trimmed = title.trim();
  if (trimmed !== trimmed.toUpperCase()) return trimmed;
  const lower = trimmed.toLowerCase();
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

/** Price with its currency, such as £2.55; empty without a price. */
export function readablePrice(
  price: number | undefined,
  currency: string | undefined,
): string {
  if (price === undefined) return "";
  return new Intl.NumberFormat("en-GB", {
    style: "currency",
    currency: currency ?? "GBP",
  }).format(price);
}

export function readableDay(time: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
  }).format(new Date(time));
}

/** A stable hue for an item, so that the same item always has the same colour. */
export function hueOf(text: string): number {
  let hue = 0;
  for (let i = 0; i < text.length; i++) {
    hue = (hue * 31 + text.charCodeAt(i)) % 360;
  }
  return hue;
}
