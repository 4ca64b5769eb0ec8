package io.penstock.sandbox.redshift.copy;

import org.jspecify.annotations.Nullable;

/** Whose permissions a COPY or UNLOAD reads or writes Amazon S3 with. */
sealed interface Authorization {

  /** An IAM role: the sandbox, which has no IAM, reads with its own keys. */
  record Role(String arn) implements Authorization {}

  /** {@code IAM_ROLE default}. */
  record DefaultRole() implements Authorization {}

  /** Access keys: every request is signed with them, so S3 itself refuses wrong ones. */
  record Keys(String accessKey, String secretKey, @Nullable String sessionToken)
      implements Authorization {
    @Override
    public String toString() {
      return "Keys[redacted]";
    }
  }
}
