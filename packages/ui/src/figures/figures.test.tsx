// @vitest-environment jsdom
import { cleanup, render } from "@testing-library/react";
import type { ReactElement } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { Delta } from "./delta.tsx";
import { Money } from "./money.tsx";
import { Percent } from "./percent.tsx";

afterEach(cleanup);
const textOf = (element: ReactElement) => render(element).container.textContent;

describe("an amount", () => {
  it.each([
    ["1234.565", "USD", "$1,234.57"],
    ["-1234.5", "USD", "−$1,234.50"],
    ["1234.4", "JPY", "¥1,234"],
    ["0", "EUR", "€0.00"],
    ["0.000012", "USD", "< $0.01"],
    ["-0.000012", "USD", "> −$0.01"],
    ["12345678901234567890.12", "USD", "$12,345,678,901,234,567,890.12"],
    ["1500", "CREDITS", "1,500.00 CREDITS"],
  ])("of %s %s is printed as %s", (amount, currency, printed) => {
    expect(textOf(<Money amount={amount} currency={currency} />)).toBe(printed);
  });

  it("keeps every digit in its title", () => {
    const { container } = render(<Money amount="16.296932136636644627485419" currency="USD" />);
    expect(container.querySelector("data")?.title).toBe("16.296932136636644627485419 USD");
  });

  it("is shortened only when asked to", () => {
    expect(textOf(<Money amount="412345.67" currency="USD" short />)).toBe("$412.3k");
    expect(textOf(<Money amount="12345678.9" currency="USD" short />)).toBe("$12.35M");
  });

  it("that cannot be told says why", () => {
    expect(textOf(<Money amount={null} currency="USD" missing="No row states a list cost." />)).toContain(
      "No row states a list cost.",
    );
  });
});

describe("a change", () => {
  it("of a cost that rose is worse, in money and percent", () => {
    expect(textOf(<Delta now="106" before="100" currency="USD" good="down" />)).toBe("+$6.00 (+6.0 %), worse");
  });

  it("of savings that rose is better", () => {
    expect(textOf(<Delta now="106" before="100" currency="USD" good="up" />)).toContain("better");
  });

  it("from nothing is new and has no percentage", () => {
    expect(textOf(<Delta now="5" before={null} currency="USD" good="down" />)).toBe("+$5.00 (new), worse");
  });

  it("to nothing is the whole amount", () => {
    expect(textOf(<Delta now={null} before="5" currency="USD" good="down" />)).toBe("−$5.00 (−100.0 %), better");
  });

  it("from a refund to a cost is held against the refund's size", () => {
    expect(textOf(<Delta now="50" before="-100" currency="USD" good="down" />)).toBe("+$150.00 (+150.0 %), worse");
  });

  it("of a ratio is told in points", () => {
    expect(textOf(<Delta now="0.25" before="0.20" good="up" />)).toBe("+5.0 pts, better");
  });
});

it("prints a ratio as a percentage, rounded half away from zero", () => {
  expect(textOf(<Percent ratio="0.06125" places={2} />)).toBe("6.13 %");
  expect(textOf(<Percent ratio="-0.5" />)).toBe("−50.0 %");
});
