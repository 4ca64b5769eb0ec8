@NullMarked
package io.penstock.common.secret;

import org.jspecify.annotations.NullMarked;
