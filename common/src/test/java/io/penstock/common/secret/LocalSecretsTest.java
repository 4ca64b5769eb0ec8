package io.penstock.common.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.error.PenstockException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSecretsTest {
  private static final LocalSecrets SECRETS =
      new LocalSecrets(Map.of("TOKEN", "t0ken", "EMPTY", ""), secret -> "remote " + secret);

  @TempDir private Path folder = Path.of("");

  @Test
  void resolvesEveryForm() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "two\nlines\r\n");

    assertThat(SECRETS.resolve(new Secret.Literal("plain"))).isEqualTo("plain");
    assertThat(SECRETS.resolve(new Secret.Environment("TOKEN"))).isEqualTo("t0ken");
    assertThat(SECRETS.resolve(new Secret.SecretFile(file.toString()))).isEqualTo("two\nlines");
    assertThat(SECRETS.resolve(new Secret.Ssm("/x"))).isEqualTo("remote { ssm = \"/x\" }");
    assertThat(SECRETS.resolve(new Secret.SecretsManager("n", "f")))
        .isEqualTo("remote { secrets-manager = \"n\", field = \"f\" }");
  }

  @Test
  void givesTheBytesOfAFileAsTheyAre() throws IOException {
    byte[] binary = {(byte) 0x99, 0, '\n'};
    Path file = Files.write(folder.resolve("binary"), binary);
    Secret gone = new Secret.SecretFile(folder.resolve("none").toString());

    assertThat(SECRETS.resolveBytes(new Secret.SecretFile(file.toString()))).isEqualTo(binary);
    assertThat(SECRETS.resolveBytes(new Secret.Literal("ü"))).containsExactly(0xc3, 0xbc);
    assertThatThrownBy(() -> SECRETS.resolveBytes(gone))
        .hasMessageContaining("SECRET_UNRESOLVED")
        .hasNoCause();
  }

  @Test
  void namesOnlyTheReferenceThatLeadsNowhere() throws IOException {
    Path binary = Files.write(folder.resolve("binary"), new byte[] {'h', 'i', (byte) 0xff});
    Path empty = Files.writeString(folder.resolve("empty"), "\n");

    for (Secret secret :
        new Secret[] {
          new Secret.Environment("NONE"),
          new Secret.Environment("EMPTY"),
          new Secret.SecretFile(folder.resolve("none").toString()),
          new Secret.SecretFile(binary.toString()),
          new Secret.SecretFile(empty.toString())
        }) {
      assertThatThrownBy(() -> SECRETS.resolve(secret))
          .isInstanceOf(PenstockException.class)
          .hasMessageContaining("SECRET_UNRESOLVED")
          .hasMessageContaining(secret.toString())
          .hasNoCause();
    }
  }
}
