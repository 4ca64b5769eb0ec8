@NullMarked
package io.penstock.sandbox.postgres;

import org.jspecify.annotations.NullMarked;
