import { Button, Group, Select } from "@mantine/core";
import type { ListedUser } from "../../api.ts";

/** Choose a user by number, or let chance choose. */
export function UserPicker(props: {
  readonly users: readonly ListedUser[];
  readonly value: string | null;
  readonly onPick: (userId: string) => void;
}) {
  const surprise = () => {
    const user = props.users[Math.floor(Math.random() * props.users.length)];
    if (user !== undefined) props.onPick(user.user_id);
  };
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <Select
        label="Customer"
        placeholder="Pick a customer"
        data-testid="user"
        searchable
        limit={100}
        style={{ flex: 1 }}
        data={props.users.map((user) => ({
          value: user.user_id,
          label: userLabel(user),
        }))}
        value={props.value}
        onChange={(userId) => {
          if (userId !== null) props.onPick(userId);
        }}
      />
      <Button
        variant="light"
        onClick={surprise}
        disabled={props.users.length === 0}
      >
        Any
      </Button>
    </Group>
  );
}

function userLabel(user: ListedUser): string {
  const country = user.traits["country"];
  return typeof country === "string"
    ? `${user.user_id} · ${country}`
    : user.user_id;
}
