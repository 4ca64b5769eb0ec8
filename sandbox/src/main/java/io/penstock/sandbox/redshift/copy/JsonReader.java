package io.penstock.sandbox.redshift.copy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads JSON documents that follow one another, one in memory at a time. */
final class JsonReader implements RowOrigin {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final DocumentMapping mapping;
  private final RowLoader loader;
  private @Nullable JsonNode document;
  private long line;
  private long offset;

  JsonReader(DocumentMapping mapping, RowLoader loader) {
    this.mapping = mapping;
    this.loader = loader;
  }

  void readAll(InputStream in) throws IOException, SqlError {
    Field[] fields = loader.fields();
    try (JsonParser parser = new SignedZeros(JSON.createParser(in))) {
      while (parser.nextToken() != null) {
        offset = parser.currentTokenLocation().getByteOffset();
        document = null;
        document = JSON.readTree(parser);
        // AWS, "STL_LOAD_ERRORS": the last line of the object
        line = parser.currentLocation().getLineNr();
        mapping.load(document, fields, loader, this);
      }
    } catch (JsonProcessingException e) {
      line = e.getLocation() == null ? line : e.getLocation().getLineNr();
      loader.abandon(new RowFault(RowFault.LINE, "Invalid JSON"), this);
    }
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public String raw() {
    return document == null ? "" : document.toString();
  }

  /** BigDecimal has no negative zero; this has such a number read as a double. */
  private static final class SignedZeros extends JsonParserDelegate {
    SignedZeros(JsonParser parser) {
      super(parser);
    }

    @Override
    public boolean isNaN() throws IOException {
      return super.isNaN()
          || (currentToken() == JsonToken.VALUE_NUMBER_FLOAT
              && getText().startsWith("-")
              && Double.parseDouble(getText()) == 0);
    }
  }
}
