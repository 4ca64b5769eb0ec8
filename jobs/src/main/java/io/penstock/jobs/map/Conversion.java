package io.penstock.jobs.map;

import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.StructsToJson;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.NullType;
import scala.Option;

/**
 * How a value becomes one of another type.
 *
 * @param value NULL where the input is NULL or does not fit
 * @param reason why an input that is not NULL does not fit; to be asked only then. Empty: every
 *     input fits
 */
record Conversion(Expression value, Optional<Expression> reason) {
  private static final int LONGEST_SCALAR_TEXT = 64;

  private static Conversion always(Expression value) {
    return new Conversion(value, Optional.empty());
  }

  private static Conversion checked(Expression value, Expression reason) {
    return new Conversion(value, Optional.of(reason));
  }

  /** Into the type that the source has; only {@code byte}, which Redshift lacks, is widened. */
  static Conversion unchanged(Expression raw) {
    return always(
        raw.dataType().equals(DataTypes.ByteType) ? Catalyst.cast(raw, DataTypes.ShortType) : raw);
  }

  /** The conversion of an expression to a type; empty where there is none. */
  static Optional<Conversion> to(RedshiftType type, Expression raw) {
    if (raw.dataType() instanceof NullType) {
      return Optional.of(always(Catalyst.ofNull(SparkTypes.of(type))));
    }
    return switch (type.kind()) {
      case SMALLINT -> integral(type, raw, Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> integral(type, raw, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT -> integral(type, raw, Long.MIN_VALUE, Long.MAX_VALUE);
      case DECIMAL -> decimal(type, raw);
      case REAL -> real(type, raw);
      case DOUBLE -> doublePrecision(type, raw);
      case BOOLEAN -> bool(type, raw);
      case CHAR, VARCHAR -> text(type, raw);
      case DATE -> date(type, raw);
      case TIMESTAMP, TIMESTAMPTZ -> timestamp(type, raw);
      case SUPER -> semistructured(type, raw);
      case VARBYTE -> bytes(type, raw);
    };
  }

  private static Optional<Conversion> integral(
      RedshiftType type, Expression raw, long least, long greatest) {
    DataType target = SparkTypes.of(type);
    Expression from = Catalyst.literal(least);
    Expression to = Catalyst.literal(greatest);
    String method;
    Expression input = raw;
    switch (Source.of(raw.dataType())) {
      case BOOLEAN -> {
        return Optional.of(always(Catalyst.cast(raw, target)));
      }
      case INTEGRAL -> {
        if (raw.dataType().defaultSize() <= target.defaultSize()) {
          return Optional.of(always(Catalyst.cast(raw, target)));
        }
        input = Catalyst.cast(raw, DataTypes.LongType);
        method = "integralOfLong";
      }
      case FLOAT, DOUBLE -> {
        input = Catalyst.cast(raw, DataTypes.DoubleType);
        method = "integralOfDouble";
      }
      case DECIMAL -> method = "integralOfDecimal";
      case TEXT -> method = "integralOfText";
      default -> {
        return Optional.empty();
      }
    }
    Expression value = Catalyst.call(Numbers.class, DataTypes.LongType, method, input, from, to);
    return Optional.of(checked(Catalyst.cast(value, target), numberReason(type, input)));
  }

  private static Optional<Conversion> decimal(RedshiftType type, Expression raw) {
    DataType target = SparkTypes.of(type);
    Expression input = raw;
    String method;
    switch (Source.of(raw.dataType())) {
      case INTEGRAL, DECIMAL -> {
        DecimalType source = decimalOf(raw.dataType());
        if (type.scale() >= source.scale()
            && type.length() - type.scale() >= source.precision() - source.scale()) {
          return Optional.of(always(Catalyst.cast(raw, target)));
        }
        input = Catalyst.cast(raw, source);
        method = "decimalOfDecimal";
      }
      case FLOAT -> method = "decimalOfFloat";
      case DOUBLE -> method = "decimalOfDouble";
      case TEXT -> method = "decimalOfText";
      default -> {
        return Optional.empty();
      }
    }
    Expression value =
        Catalyst.call(
            Numbers.class,
            target,
            method,
            input,
            Catalyst.literal(type.length()),
            Catalyst.literal(type.scale()));
    return Optional.of(checked(value, numberReason(type, input)));
  }

  /**
   * A decimal that holds every value of a number type without a fraction, or the decimal itself.
   */
  private static DecimalType decimalOf(DataType type) {
    if (type instanceof DecimalType decimal) {
      return decimal;
    }
    return switch (type.typeName()) {
      case "byte" -> DataTypes.createDecimalType(3, 0);
      case "short" -> DataTypes.createDecimalType(5, 0);
      case "integer" -> DataTypes.createDecimalType(10, 0);
      default -> DataTypes.createDecimalType(19, 0);
    };
  }

  private static Optional<Conversion> real(RedshiftType type, Expression raw) {
    return switch (Source.of(raw.dataType())) {
      case FLOAT, INTEGRAL, DECIMAL -> Optional.of(always(Catalyst.cast(raw, DataTypes.FloatType)));
      case DOUBLE ->
          Optional.of(
              checked(
                  Catalyst.call(Numbers.class, DataTypes.FloatType, "realOfDouble", raw),
                  outside(type)));
      case TEXT ->
          Optional.of(
              checked(
                  Catalyst.call(Numbers.class, DataTypes.FloatType, "realOfText", raw),
                  numberReason(type, raw)));
      default -> Optional.empty();
    };
  }

  private static Optional<Conversion> doublePrecision(RedshiftType type, Expression raw) {
    return switch (Source.of(raw.dataType())) {
      case FLOAT, DOUBLE, INTEGRAL, DECIMAL ->
          Optional.of(always(Catalyst.cast(raw, DataTypes.DoubleType)));
      case TEXT ->
          Optional.of(
              checked(
                  Catalyst.call(Numbers.class, DataTypes.DoubleType, "doubleOfText", raw),
                  numberReason(type, raw)));
      default -> Optional.empty();
    };
  }

  private static Optional<Conversion> bool(RedshiftType type, Expression raw) {
    return switch (Source.of(raw.dataType())) {
      case BOOLEAN -> Optional.of(always(raw));
      case INTEGRAL ->
          Optional.of(
              checked(
                  Catalyst.call(
                      Numbers.class,
                      DataTypes.BooleanType,
                      "booleanOfLong",
                      Catalyst.cast(raw, DataTypes.LongType)),
                  notValid(type)));
      case TEXT ->
          Optional.of(
              checked(
                  Catalyst.call(Texts.class, DataTypes.BooleanType, "booleanOfText", raw),
                  notValid(type)));
      default -> Optional.empty();
    };
  }

  private static Optional<Conversion> text(RedshiftType type, Expression raw) {
    Expression input;
    switch (Source.of(raw.dataType())) {
      case TEXT -> input = raw;
      case BYTES -> input = Catalyst.call(Texts.class, DataTypes.StringType, "textOfBytes", raw);
      case NESTED -> {
        if (!SparkTypes.holdsOnlyKnown(raw.dataType())) {
          return Optional.empty();
        }
        input =
            new StructsToJson(
                scala.collection.immutable.Map$.MODULE$.empty(), raw, Option.apply("UTC"));
      }
      case OTHER -> {
        return Optional.empty();
      }
      default -> {
        input = Catalyst.cast(raw, DataTypes.StringType);
        if (type.length() >= LONGEST_SCALAR_TEXT) {
          return Optional.of(always(input));
        }
      }
    }
    String method = type.kind() == Kind.CHAR ? "withinChar" : "withinBytes";
    Expression length = Catalyst.literal(type.length());
    Expression reason =
        Catalyst.call(
            Reasons.class,
            DataTypes.StringType,
            type.kind() == Kind.CHAR ? "ofChar" : "ofVarchar",
            Source.of(raw.dataType()) == Source.BYTES ? raw : input,
            length);
    return Optional.of(
        checked(Catalyst.call(Texts.class, DataTypes.StringType, method, input, length), reason));
  }

  private static Optional<Conversion> date(RedshiftType type, Expression raw) {
    return switch (Source.of(raw.dataType())) {
      case DATE, TIMESTAMP, TIMESTAMPTZ ->
          Optional.of(
              checked(
                  Catalyst.call(
                      Times.class,
                      DataTypes.DateType,
                      "withinDate",
                      Catalyst.cast(raw, DataTypes.DateType)),
                  outside(type)));
      case TEXT ->
          Optional.of(
              checked(
                  Catalyst.call(Times.class, DataTypes.DateType, "dateOfText", raw),
                  notValid(type)));
      default -> Optional.empty();
    };
  }

  private static Optional<Conversion> timestamp(RedshiftType type, Expression raw) {
    DataType target = SparkTypes.of(type);
    return switch (Source.of(raw.dataType())) {
      case DATE ->
          Optional.of(
              checked(Catalyst.call(Times.class, target, "instantOfDate", raw), outside(type)));
      case TIMESTAMP, TIMESTAMPTZ ->
          Optional.of(
              checked(
                  Catalyst.call(Times.class, target, "withinTimestamp", Catalyst.cast(raw, target)),
                  outside(type)));
      case TEXT ->
          Optional.of(
              checked(Catalyst.call(Times.class, target, "instantOfText", raw), notValid(type)));
      default -> Optional.empty();
    };
  }

  private static Optional<Conversion> semistructured(RedshiftType type, Expression raw) {
    Expression notJson = Catalyst.text("not valid JSON");
    return switch (Source.of(raw.dataType())) {
      case NESTED ->
          SparkTypes.holdsOnlyKnown(raw.dataType()) ? Optional.of(always(raw)) : Optional.empty();
      case BOOLEAN, INTEGRAL, DECIMAL ->
          Optional.of(always(Catalyst.cast(raw, DataTypes.StringType)));
      case FLOAT, DOUBLE ->
          Optional.of(
              checked(
                  Catalyst.call(
                      Texts.class,
                      DataTypes.StringType,
                      "json",
                      Catalyst.cast(raw, DataTypes.StringType)),
                  notJson));
      case TEXT ->
          Optional.of(
              checked(Catalyst.call(Texts.class, DataTypes.StringType, "json", raw), notJson));
      default -> Optional.empty();
    };
  }

  private static Optional<Conversion> bytes(RedshiftType type, Expression raw) {
    String method;
    switch (Source.of(raw.dataType())) {
      case BYTES -> method = "bytesWithin";
      case TEXT -> method = "bytesOfText";
      default -> {
        return Optional.empty();
      }
    }
    return Optional.of(
        checked(
            Catalyst.call(
                Texts.class, DataTypes.BinaryType, method, raw, Catalyst.literal(type.length())),
            Catalyst.text("longer than " + type.length() + " bytes")));
  }

  private static Expression numberReason(RedshiftType type, Expression input) {
    return Catalyst.call(
        Reasons.class,
        DataTypes.StringType,
        "ofNumber",
        Catalyst.cast(input, DataTypes.StringType),
        Catalyst.text(SparkTypes.name(type)),
        Catalyst.literal(type.kind().ordinal() <= Kind.BIGINT.ordinal()));
  }

  private static Expression notValid(RedshiftType type) {
    return Catalyst.text("not a valid " + SparkTypes.name(type));
  }

  private static Expression outside(RedshiftType type) {
    return Catalyst.text("outside " + SparkTypes.name(type));
  }
}
