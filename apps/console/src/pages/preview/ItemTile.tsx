import { Box } from "@mantine/core";
import { hueOf, readableTitle } from "./words.ts";

/** Stands in for a picture: the data has none. Colour and letters follow the item. */
export function ItemTile(props: {
  readonly itemId: string;
  readonly title: string | undefined;
  readonly size: number;
}) {
  const hue = hueOf(props.itemId);
  const letters = readableTitle(props.title, props.itemId)
    .split(" ")
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
  return (
    <Box
      aria-hidden
      style={{
        width: props.size,
        height: props.size,
        flex: "none",
        borderRadius: 8,
        display: "grid",
        placeItems: "center",
        fontWeight: 600,
        fontSize: props.size / 2.6,
        color: `hsl(${hue} 45% 28%)`,
        background: `linear-gradient(135deg, hsl(${hue} 70% 88%), hsl(${(hue + 40) % 360} 70% 78%))`,
      }}
    >
      {letters}
    </Box>
  );
}
