package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.OutputFormat.Codec;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** How large a file is while it grows, which is what splitting goes by. */
class FilePipelineTest {
  private static final int ROW = 64 << 10;

  /** Beyond one row group of 128 MiB, of which a part is written and a part is held back. */
  @Test
  void parquetCountsWhatIsWrittenAndWhatIsHeldBack() throws IOException {
    StructType columns = new StructType().add("bytes", DataTypes.BinaryType, false);
    FileSchema schema = new FileSchema(columns, columns, List.of(0), null);
    CountedOutput written = new CountedOutput(java.io.OutputStream.nullOutputStream());
    byte[] bytes = new byte[ROW];
    new Random(1).nextBytes(bytes);
    GenericInternalRow row = new GenericInternalRow(new Object[] {bytes});
    RowEncoder.Factory parquet = Encoders.of(new OutputFormat.Parquet(Codec.NONE), schema);
    try (FilePipeline file = FilePipeline.open(written, "f.parquet", Encoding.NONE, parquet)) {
      for (int i = 0; i < 2600; i++) {
        bytes[0] = (byte) i;
        bytes[1] = (byte) (i >> 8);
        file.write(row);
      }
      assertThat(written.count()).as("a row group is written").isGreaterThan(100L << 20);
      long before = file.bytes();
      file.finish();
      assertThat(written.count()).isBetween(before - (before / 100), before + 2L * ROW);
    }
  }
}
