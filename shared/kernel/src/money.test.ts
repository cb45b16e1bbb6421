import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimal } from "./decimal.ts";
import { Money } from "./money.ts";

const usd = (amount: string) => Money.parse(amount, "USD");

describe("money", () => {
  it("is an amount of a currency, as text on the wire", () => {
    expect(JSON.stringify(usd("1200.00"))).toBe('{"amount":"1200","currency":"USD"}');
    expect(Money.zero("EUR").toJSON()).toEqual({ amount: "0", currency: "EUR" });
  });

  it("adds, subtracts and negates exactly", () => {
    expect(
      [usd("0.1").plus(usd("0.2")), usd("0.3").minus(usd("0.1")), usd("5").negated(), usd("-5").negated()].map(
        (money) => money.toJSON().amount,
      ),
    ).toEqual(["0.3", "0.2", "-5", "5"]);
    expect(usd("1").plus(usd("1")).currency).toBe("USD");
    expect(usd("1").minus(usd("1")).currency).toBe("USD");
    expect(usd("1").negated().currency).toBe("USD");
  });

  it.each(["plus", "minus", "isOver"] as const)("never mixes two currencies (%s)", (operation) => {
    expect(() => usd("1")[operation](Money.parse("1", "EUR"))).toThrow(
      expect.objectContaining({ code: "invalid", message: "USD and EUR cannot be added. Convert one of them first." }),
    );
  });

  it("is over another only when it is more", () => {
    expect([usd("2").isOver(usd("1")), usd("1").isOver(usd("1")), usd("0").isOver(usd("1"))]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("equals the same amount of the same currency, however it was written", () => {
    expect([usd("1.0").equals(usd("1")), usd("1").equals(usd("2")), usd("1").equals(Money.parse("1", "EUR"))]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each(["USD", "EUR", "X_CREDITS", "AI-TOKENS", "AB"])("takes the currency %s", (currency) => {
    expect(new Money(decimal(1), currency).currency).toBe(currency);
  });

  it.each(["usd", "", "U", "1USD", "US D", "A".repeat(21), "USD ", " USD", "€"])(
    "refuses the currency %j",
    (currency) => {
      expect(() => new Money(decimal(1), currency)).toThrow(
        expect.objectContaining({
          code: "invalid",
          message: `"${currency}" is not a currency code. Use an ISO 4217 code such as USD.`,
        }),
      );
    },
  );

  it("repeats no more than 30 characters of a currency that it refuses", () => {
    expect(() => new Money(decimal(1), "x".repeat(99))).toThrow(`"${"x".repeat(30)}" is not`);
  });

  it("refuses an amount that is no number", () => {
    expect(() => usd("ten")).toThrow(expect.objectContaining({ code: "invalid" }));
  });

  it("gets back what it gave away", () => {
    const cents = fc
      .bigInt({ min: -(10n ** 20n), max: 10n ** 20n })
      .map((units) => new Money(decimal(`${units}e-2`), "USD"));
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        expect(a.plus(b).minus(b).equals(a)).toBe(true);
        expect(a.minus(b).equals(b.minus(a).negated())).toBe(true);
      }),
    );
  });
});
