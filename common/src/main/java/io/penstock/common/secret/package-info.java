/** References to secrets, resolved at use and never printed. */
@NullMarked
package io.penstock.common.secret;

import org.jspecify.annotations.NullMarked;
