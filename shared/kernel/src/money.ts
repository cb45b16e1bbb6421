import { AppError } from "./app-error.ts";
import { type Decimal, decimal, parseDecimal } from "./decimal.ts";

/** An amount of one currency. Adding two currencies is an error, never a guess. */
export class Money {
  readonly amount: Decimal;
  readonly currency: string;

  constructor(amount: Decimal, currency: string) {
    if (!/^[A-Z][A-Z0-9_-]{1,19}$/.test(currency)) {
      throw new AppError(
        "invalid",
        `"${currency.slice(0, 30)}" is not a currency code. Use an ISO 4217 code such as USD.`,
      );
    }
    this.amount = amount;
    this.currency = currency;
  }

  static parse(amount: string, currency: string): Money {
    return new Money(parseDecimal(amount), currency);
  }

  static zero(currency: string): Money {
    return new Money(decimal(0), currency);
  }

  plus(other: Money): Money {
    return new Money(this.amount.plus(this.sameCurrency(other).amount), this.currency);
  }

  minus(other: Money): Money {
    return new Money(this.amount.minus(this.sameCurrency(other).amount), this.currency);
  }

  negated(): Money {
    return new Money(this.amount.negated(), this.currency);
  }

  isOver(other: Money): boolean {
    return this.amount.greaterThan(this.sameCurrency(other).amount);
  }

  equals(other: Money): boolean {
    return this.currency === other.currency && this.amount.equals(other.amount);
  }

  toJSON(): { amount: string; currency: string } {
    return { amount: this.amount.toString(), currency: this.currency };
  }

  private sameCurrency(other: Money): Money {
    if (other.currency !== this.currency) {
      throw new AppError(
        "invalid",
        `${this.currency} and ${other.currency} cannot be added. Convert one of them first.`,
      );
    }
    return other;
  }
}
