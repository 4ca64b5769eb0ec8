/** Error codes, exit codes and the one exception type: problem, cause, remedy. */
@NullMarked
package io.penstock.common.error;

import org.jspecify.annotations.NullMarked;
