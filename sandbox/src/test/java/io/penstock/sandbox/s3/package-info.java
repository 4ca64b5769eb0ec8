@NullMarked
package io.penstock.sandbox.s3;

import org.jspecify.annotations.NullMarked;
